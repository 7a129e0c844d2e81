"""A peer on eventsource-py: publishes and consumes as it is told to.

Takes its place at a broker as a JSON object, then one command a line on its standard input, and answers each with one line.
"""

import asyncio
import json
import sys
import time
import uuid
from typing import Any

from eventsource import DomainEvent, EventRegistry
from eventsource.adapters.kafka import KafkaEventBus, KafkaEventBusConfig
from eventsource.adapters.rabbitmq import RabbitMQEventBus, RabbitMQEventBusConfig


class LineAdded(DomainEvent):
    event_type: str = "LineAdded"
    aggregate_type: str = "Order"
    sku: str
    name: str
    quantity: int
    unitPrice: int
    shelf: dict[str, Any]


def open_bus(place: dict[str, str]) -> KafkaEventBus | RabbitMQEventBus:
    """Everything else is as it is by default."""
    registry = EventRegistry()
    registry.register(LineAdded)
    if place["system"] == "kafka":
        kafka = KafkaEventBusConfig(bootstrap_servers=place["url"], topic_prefix=place["name"], consumer_group=place["group"])
        return KafkaEventBus(config=kafka, event_registry=registry)
    rabbitmq = RabbitMQEventBusConfig(rabbitmq_url=place["url"], exchange_name=place["name"], consumer_group=place["group"])
    return RabbitMQEventBus(config=rabbitmq, event_registry=registry)


class Peer:
    def __init__(self, place: dict[str, str]) -> None:
        self.bus = open_bus(place)
        self.events: list[LineAdded] = []
        self.gate = asyncio.Event()
        self.full = asyncio.Event()
        self.expect(0)

    def expect(self, expected: int) -> None:
        self.expected = expected
        self.count = 0
        self.total = 0
        self.ids: set[str] = set()
        self.gate.clear()
        self.full.clear()

    async def handle(self, event: LineAdded) -> None:
        await self.gate.wait()
        self.count += 1
        self.total += event.quantity * event.unitPrice
        self.ids.add(str(event.event_id))
        if self.count == self.expected:
            self.full.set()

    async def obey(self, command: dict[str, Any]) -> dict[str, Any]:
        match command:
            case {"do": "subscribe"}:
                self.bus.subscribe(LineAdded, self.handle)
                self.bus.start_consuming_in_background()
                return {}
            case {"do": "make", "lines": lines}:
                orders = [uuid.uuid4() for _ in range(min(500, len(lines)))]
                self.events = [
                    LineAdded(aggregate_id=orders[n % len(orders)], aggregate_version=1 + n // len(orders), **line)
                    for n, line in enumerate(lines)
                ]
                return {"ids": [str(event.event_id) for event in self.events]}
            case {"do": "publish", "batch": batch}:
                for start in range(0, len(self.events), batch):
                    await self.bus.publish(self.events[start : start + batch])
                return {"events": len(self.events)}
            case {"do": "expect", "events": events}:
                self.expect(events)
                return {}
            case {"do": "release"}:
                self.gate.set()
                await self.full.wait()
                return {"events": self.count, "ids": len(self.ids), "total": self.total}
            case {"do": "cpu"}:
                return {"ms": time.process_time() * 1000}
        raise ValueError(f"No such command: {command}")

    async def run(self) -> None:
        await self.bus.connect()
        loop = asyncio.get_running_loop()
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            print(json.dumps(await self.obey(json.loads(line))), flush=True)
        await self.bus.shutdown(timeout=5)


asyncio.run(Peer(json.loads(sys.argv[1])).run())
