import { backoffDelay, delay, type RetryPolicy } from '@es/core';
import type { PartitionsByTopic } from './assignment.ts';
import type { ConnectionWatch } from './connection-watch.ts';
import { explainFailure, isUnknownTopic, judgeSend } from './kafka-failure.ts';
import { MemberSession, type MemberSessionParts } from './member-session.ts';

/** What a member works with. */
export interface GroupMemberParts extends Omit<MemberSessionParts, 'joined'> {
  /** The cluster, for messages. */
  readonly place: string;
  readonly reconnect: RetryPolicy;
  /** For how long joining is tried at first, where the broker says that it can't at the moment, as in its first seconds. */
  readonly startTimeoutMs: number;
  readonly watch: ConnectionWatch;
  /** Told when partitions are distributed anew. */
  readonly rebalanced: () => void;
}

/** A member of a consumer group for as long as the bus consumes: when its consumer comes to its end, it gets another one. */
export class GroupMember {
  readonly #parts: GroupMemberParts;
  readonly #closing = new AbortController();
  #session: MemberSession | undefined;
  #hasJoined = false;
  #isPaused = false;

  constructor(parts: GroupMemberParts) {
    this.#parts = parts;
  }

  /** The partitions that it has at the moment; undefined while it has not joined. */
  get partitions(): PartitionsByTopic | undefined {
    return this.#session?.partitions;
  }

  /**
   * Resolves when messages are being handed over.
   *
   * @throws BrokerError when the broker can't be reached, or does not let it in.
   */
  async start(): Promise<void> {
    const { place, reconnect, settings, startTimeoutMs } = this.#parts;
    const deadline = performance.now() + startTimeoutMs;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return void this.#supervise(await this.#begin());
      } catch (error) {
        const failure = explainFailure(error, `Joining the consumer group ${settings.groupId}`, place);
        const isPassing = isUnknownTopic(error) || (failure.code === 'ES_BROKER_FAILURE' && judgeSend(error).kind === 'again');
        if (!isPassing || performance.now() > deadline) throw failure;
        await delay(backoffDelay(reconnect, attempt), this.#closing.signal);
      }
    }
  }

  /** Takes no further messages. */
  pause(): void {
    this.#isPaused = true;
    this.#session?.pause();
  }

  /** Commits and leaves the group. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#session?.close();
  }

  async #begin(): Promise<MemberSession> {
    const session = new MemberSession({ ...this.#parts, joined: () => this.#joined() });
    this.#session = session;
    if (this.#isPaused) session.pause();
    try {
      await session.start();
      return session;
    } catch (error) {
      void session.close().catch(() => undefined);
      throw error;
    }
  }

  async #supervise(first: MemberSession): Promise<void> {
    const { logger, place, settings, watch } = this.#parts;
    for (let session = first; ; ) {
      const reason = await session.whenEnded;
      if (this.#closing.signal.aborted) return;
      watch.lost();
      const failure = explainFailure(reason, `Consuming with the group ${settings.groupId}`, place);
      if (failure.code === 'ES_BROKER_ACCESS') logger.error({ err: failure }, 'The consumer may not consume, and tries again');
      else logger.warn({ err: reason }, 'The consumer lost the broker, and begins anew');
      void session.close().catch(() => undefined);
      const next = await this.#restart();
      if (next === undefined) return;
      session = next;
    }
  }

  async #restart(): Promise<MemberSession | undefined> {
    const { logger, place, reconnect, settings } = this.#parts;
    for (let attempt = 1; !this.#closing.signal.aborted; attempt += 1) {
      try {
        await delay(backoffDelay(reconnect, attempt), this.#closing.signal);
        return await this.#begin();
      } catch (error) {
        if (this.#closing.signal.aborted) return undefined;
        const failure = explainFailure(error, `Joining the consumer group ${settings.groupId} again`, place);
        logger.error({ err: failure, attempt }, 'The consumer could not join its group, and tries again');
      }
    }
    return undefined;
  }

  #joined(): void {
    this.#parts.watch.established();
    if (this.#hasJoined) this.#parts.rebalanced();
    this.#hasJoined = true;
  }
}
