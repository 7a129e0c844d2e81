import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { ConnectionWatch } from './connection-watch.ts';
import { KafkaSockets } from './kafka-sockets.ts';

const answer = Buffer.from([0, 0, 0, 3, 1, 2, 3]);

/** A server that answers the first request of each connection in a way of its own, and what the sockets tell. */
async function setting(ways: ((client: Socket) => void)[]) {
  const server = createServer((client) => {
    client.on('error', () => undefined);
    client.once('data', () => ways.shift()?.(client));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const watch = new ConnectionWatch();
  const counts = { reconnected: 0 };
  const reconnected = (): void => {
    counts.reconnected += 1;
  };
  watch.observe({ reconnected, rebalanced: () => undefined });
  const sockets = new KafkaSockets(watch);
  const connect = (data: (answer: Buffer) => void): Promise<Socket> =>
    new Promise((resolve) => {
      const onConnect = (): void => {
        socket.write('request');
        resolve(socket);
      };
      const socket = sockets.create({ host: '127.0.0.1', port, onConnect });
      socket.on('data', data);
      socket.on('error', () => undefined);
    });
  return { connect, counts, sockets, end: () => server.close() };
}

const closed = (socket: Socket): Promise<void> => new Promise((resolve) => socket.on('close', () => resolve()));

test('an answer that was cut off is not put before the next one; the reconnection is counted', async () => {
  const { connect, counts, end } = await setting([
    (client) => client.write(answer.subarray(0, 5), () => client.resetAndDestroy()),
    (client) => {
      client.write(answer.subarray(0, 6));
      client.end(answer.subarray(6));
    },
  ]);
  const got: Buffer[] = [];
  const data = (each: Buffer): void => void got.push(each);
  await closed(await connect(data));
  expect([got, counts.reconnected]).toEqual([[], 0]);
  await closed(await connect(data));
  expect([got, counts.reconnected]).toEqual([[answer], 1]);
  end();
});

test('what does not speak Kafka is hung up on', async () => {
  const { connect, end } = await setting([(client) => client.write(Buffer.from([0x80, 0, 0, 0]))]);
  const socket = await connect(() => undefined);
  const [error] = await once(socket, 'error');
  expect(String(error)).toContain('does not speak the protocol of Kafka');
  end();
});

test('no socket outlives the bus, and none is opened afterwards', async () => {
  const { connect, sockets, end } = await setting([() => undefined]);
  const socket = await connect(() => undefined);
  sockets.destroy();
  expect(socket.destroyed).toBe(true);
  const late = sockets.create({ host: '127.0.0.1', port: 1, onConnect: () => undefined });
  const [error] = await once(late, 'error');
  expect(String(error)).toContain('the bus was stopped');
  end();
});
