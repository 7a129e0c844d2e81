import { connect, isIP, Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { ConnectionWatch } from './connection-watch.ts';
import { WholeAnswers } from './whole-answers.ts';

/** What kafkajs asks a socket factory for. */
export interface SocketRequest {
  readonly host: string;
  readonly port: number;
  readonly ssl?: ConnectionOptions | undefined;
  readonly onConnect: () => void;
}

const keepAliveMs = 60_000;

/** The sockets of a client, which tell when a connection is lost and when there is one again; and none of which outlives the bus. */
export class KafkaSockets {
  readonly #open = new Set<Socket>();
  readonly #watch: ConnectionWatch;
  #isOver = false;

  constructor(watch: ConnectionWatch) {
    this.#watch = watch;
  }

  /** Opens a socket as kafkajs itself would. */
  readonly create = ({ host, port, ssl, onConnect }: SocketRequest): Socket => {
    if (this.#isOver) return refused();
    const connected = (): void => {
      this.#watch.established();
      onConnect();
    };
    const socket = ssl
      ? connectTls({ host, port, ...(isIP(host) === 0 ? { servername: host } : {}), ...ssl }, connected)
      : connect({ host, port }, connected);
    socket.setKeepAlive(true, keepAliveMs);
    this.#open.add(socket);
    // Asked before kafkajs reacts: what ends before it was told to end is lost.
    const gone = (): void => {
      if (!socket.writableEnded && !socket.connecting) this.#watch.lost();
    };
    socket.on('end', gone);
    socket.on('error', gone);
    socket.on('close', () => this.#open.delete(socket));
    return withWholeAnswers(socket);
  };

  /** Ends those that are still there. The error makes kafkajs give up what it waits for on them. */
  destroy(): void {
    this.#isOver = true;
    for (const socket of this.#open) socket.destroy(stopped());
  }
}

/**
 * kafkajs keeps the beginning of an answer when its connection is lost, and puts what comes over the next one behind it: from then on it waits for
 * ever, or never comes to an end. So it is given answers only when they are whole.
 */
function withWholeAnswers(socket: Socket): Socket {
  const listen = socket.on.bind(socket);
  const answers = new WholeAnswers();
  const on = (event: string, listener: (...args: unknown[]) => void): Socket => {
    if (event !== 'data') return listen(event, listener);
    return listen('data', (piece) => {
      try {
        for (const answer of answers.take(piece)) listener(answer);
      } catch (error) {
        socket.destroy(error instanceof Error ? error : new Error(String(error)));
      }
    });
  };
  return Object.assign(socket, { on });
}

/** For what kafkajs still tries. */
function refused(): Socket {
  const socket = new Socket();
  process.nextTick(() => socket.destroy(stopped()));
  return socket;
}

const stopped = (): Error => new Error('the bus was stopped');
