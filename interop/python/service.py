"""A service on eventsource-py: publishes the events that it is told to, or consumes so many.

Takes one argument, a JSON object, and says what happens on its standard output, one JSON object a line.
"""

import asyncio
import json
import sys
from typing import Any

from eventsource import DomainEvent, EventRegistry
from eventsource.adapters.kafka import KafkaEventBus, KafkaEventBusConfig
from eventsource.adapters.rabbitmq import RabbitMQEventBus, RabbitMQEventBusConfig
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter, SpanExportResult


class TaskCreated(DomainEvent):
    event_type: str = "TaskCreated"
    aggregate_type: str = "Task"
    title: str
    priority: int | None = None


def say(**what: Any) -> None:
    print(json.dumps(what), flush=True)


class SayingExporter(SpanExporter):
    """Tells of every span that ends."""

    def export(self, spans: Any) -> SpanExportResult:
        for span in spans:
            say(span=described(span))
        return SpanExportResult.SUCCESS


def described(span: ReadableSpan) -> dict[str, Any]:
    context = span.get_span_context()
    return {
        "name": span.name,
        "kind": span.kind.name,
        "traceId": format(context.trace_id, "032x"),
        "spanId": format(context.span_id, "016x"),
        "parentSpanId": None if span.parent is None else format(span.parent.span_id, "016x"),
    }


def open_bus(task: dict[str, Any]) -> KafkaEventBus | RabbitMQEventBus:
    registry = EventRegistry()
    registry.register(TaskCreated)
    if task["system"] == "kafka":
        config = KafkaEventBusConfig(
            bootstrap_servers=task["url"], topic_prefix=task["name"], consumer_group=task["group"], enable_dlq=False
        )
        return KafkaEventBus(config=config, event_registry=registry)
    return RabbitMQEventBus(
        config=RabbitMQEventBusConfig(
            rabbitmq_url=task["url"], exchange_name=task["name"], consumer_group=task["group"], enable_dlq=False
        ),
        event_registry=registry,
    )


async def publish(task: dict[str, Any]) -> None:
    bus = open_bus(task)
    await bus.connect()
    # Without a span around it, or with several events at a time, some of its messages would carry no trace.
    with trace.get_tracer("service").start_as_current_span("python request"):
        for fields in task["publish"]:
            await bus.publish([TaskCreated.model_validate(fields)])
    await bus.disconnect()


async def consume(task: dict[str, Any]) -> None:
    bus = open_bus(task)
    seen: list[DomainEvent] = []
    all_seen = asyncio.Event()

    async def handle(event: DomainEvent) -> None:
        seen.append(event)
        say(event=event.model_dump(mode="json"))
        if len(seen) == task["consume"]:
            all_seen.set()

    bus.subscribe(TaskCreated, handle)
    await bus.connect()
    bus.start_consuming_in_background()
    say(ready=True)
    await all_seen.wait()
    await bus.shutdown(timeout=1)


def main() -> None:
    task = json.loads(sys.argv[1])
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(SayingExporter()))
    trace.set_tracer_provider(provider)
    asyncio.run(publish(task) if "publish" in task else consume(task))
    say(done=True)


main()
