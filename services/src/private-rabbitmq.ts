import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'amqplib';
import { ServiceFailed } from './errors.ts';
import { startPrivateServer } from './private-server.ts';
import { nativeRabbitMQ, rabbitmq } from './rabbitmq.ts';
import { ownFolder, type RabbitMQVariant, tlsPortOf } from './rabbitmq-node.ts';
import { rabbitMQVersion } from './rabbitmq-programs.ts';
import { eventually } from './wait.ts';

/** A RabbitMQ of one test's own, which may be killed, broken and restarted without harm to others. */
export interface PrivateRabbitMQ extends AsyncDisposable {
  /** Of its virtual host `/`, for its administrator; the same before and after a restart. */
  readonly url: string;
  /** The same over TLS; there if it was started with a certificate. */
  readonly tlsUrl: string;
  /** The folder of its files. */
  readonly folder: string;
  /**
   * Resolves once the server has noted on its disk that a quorum queue is there, which version 3.10 does up to a second after it was declared:
   * killed before, it comes back with a queue that never answers, although what it held was confirmed.
   */
  untilNoted(queue: string): Promise<void>;
  /** Ends it at once, as a crash does. Quorum queues that are to survive it must be older than a moment: see {@link untilNoted}. */
  kill(): Promise<void>;
  /** Stops it in order: clients are told. */
  stop(): Promise<void>;
  /** Starts it again on the same port and data, and resolves once it answers. */
  start(): Promise<void>;
}

const firstPort = 17_673;

const overTls = (url: string): string => {
  const tlsUrl = new URL(url.replace('amqp:', 'amqps:'));
  tlsUrl.port = String(tlsPortOf(Number(tlsUrl.port)));
  return tlsUrl.href;
};

/** It listens for TLS a moment later than without. */
const probe = async (url: string, { tls }: RabbitMQVariant): Promise<void> => {
  await rabbitmq.probe(url);
  if (tls === undefined) return;
  const connection = await connect(overTls(url), { ca: [tls.ca], timeout: 5_000 });
  connection.on('error', () => undefined);
  await connection.close();
};

/**
 * Starts a RabbitMQ with fresh data, by programs of this machine. Its files go when it is disposed of; if this process ends before, the server
 * is stopped with it.
 *
 * @throws `ServiceUnavailable` if RabbitMQ is not installed here and can't be; `ServiceFailed` if it does not start.
 */
export const startPrivateRabbitMQ = async (options: RabbitMQVariant = {}): Promise<PrivateRabbitMQ> => {
  const variant = { version: rabbitMQVersion(), ...options };
  const server = await startPrivateServer({
    ...rabbitmq,
    defaultPort: firstPort,
    probe: (url) => probe(url, variant),
    native: nativeRabbitMQ(variant),
  });
  const noted = join(ownFolder(server.folder, variant), 'data/es@localhost/quorum/es@localhost/names.dets');
  const untilNoted = async (queue: string): Promise<void> =>
    eventually(
      async () => {
        if (!readFileSync(noted, 'latin1').includes(`_${queue}`))
          throw new ServiceFailed(`RabbitMQ has not noted the queue ${queue} in ${noted}.`);
      },
      { timeoutMs: 20_000 },
    );
  return { ...server, tlsUrl: overTls(server.url), untilNoted, kill: () => server.stop(['SIGKILL']), stop: () => server.stop() };
};
