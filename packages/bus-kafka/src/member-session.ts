import { delay, type ReceiveMessage } from '@es/core';
import type { Logger } from '@es/otel';
import { Assignment, type PartitionsByTopic } from './assignment.ts';
import { CommitSchedule } from './commit-schedule.ts';
import { createConsumer, type GroupSettings } from './group-consumer.ts';
import { placesOf } from './group-places.ts';
import type { ArrivedBatch, ConsumerListener, DriverConsumer, KafkaDriver } from './kafka-driver.ts';
import { PausedPartitions } from './paused-partitions.ts';
import type { SharedAdmin } from './shared-admin.ts';

/** What a session works with. */
export interface MemberSessionParts {
  readonly driver: KafkaDriver;
  readonly admin: SharedAdmin;
  readonly settings: GroupSettings;
  readonly logger: Logger;
  readonly receive: ReceiveMessage;
  /** Told when the group gave this consumer partitions. */
  readonly joined: () => void;
}

/** How long messages may wait for room before fetching goes on without their partition. */
const longestWaitMs = 250;
/** The part of the time that a rebalance has, in which handlers may come to their end. */
const drainShare = 0.75;

/**
 * One consumer, from its joining the group to its end.
 *
 * Messages are handed over as they come, and what is fetched while others are in hand is not waited for. When the group is rebalanced, the
 * consumer lets go only after what it had begun is finished and committed: else another member would begin with it as well.
 */
export class MemberSession implements ConsumerListener {
  /** Resolves with the reason when the consumer has come to its end by itself. */
  readonly whenEnded: Promise<Error>;
  readonly #parts: MemberSessionParts;
  readonly #consumer: DriverConsumer;
  readonly #commits: CommitSchedule;
  readonly #paused: PausedPartitions;
  readonly #closing = new AbortController();
  readonly #end = Promise.withResolvers<Error>();
  readonly #firstJoin = Promise.withResolvers<Assignment>();
  #assignment: Assignment | undefined;
  #isPaused = false;
  #isOver = false;

  constructor(parts: MemberSessionParts) {
    const { settings, logger } = parts;
    this.#parts = parts;
    this.whenEnded = this.#end.promise;
    this.#consumer = createConsumer(parts.driver, settings, this);
    this.#paused = new PausedPartitions(this.#consumer);
    this.#commits = new CommitSchedule({ intervalMs: settings.commitIntervalMs, logger, commit: () => this.#commit() });
  }

  /** The partitions of this consumer; undefined while it has not joined. */
  get partitions(): PartitionsByTopic | undefined {
    return this.#assignment?.partitions;
  }

  /** Resolves when the consumer has its partitions and knows where it stands in them. */
  async start(): Promise<void> {
    await this.#consumer.start();
    const crashed = this.whenEnded.then((error) => Promise.reject(error));
    const assignment = await Promise.race([this.#firstJoin.promise, crashed]);
    await Promise.race([assignment.whenReady(), crashed]);
  }

  /** Takes no further messages; what is in hand goes on. */
  pause(): void {
    this.#isPaused = true;
    this.#paused.forget();
    this.#assignment?.drop();
    this.#consumer.pauseAll();
  }

  /** Commits what is finished, unless the broker is lost, and leaves the group. */
  async close(): Promise<void> {
    if (!this.#isOver) await this.#commits.flush();
    this.#commits.stop();
    this.#closing.abort();
    this.#assignment?.revoke();
    this.#end.resolve(new Error('closed'));
    await this.#consumer.close();
  }

  assigned(partitions: PartitionsByTopic): Promise<void> {
    const { settings, receive, joined } = this.#parts;
    const assignment = new Assignment({
      partitions,
      maxInFlight: settings.maxInFlight,
      receive,
      locate: (located) => this.#locate(located),
      finished: () => this.#commits.finished(),
    });
    this.#assignment = assignment;
    if (this.#isPaused) this.#consumer.pauseAll();
    this.#firstJoin.resolve(assignment);
    joined();
    return assignment.whenReady();
  }

  /** Waits for handlers that have begun, and commits. */
  async revoked(isLost: boolean): Promise<void> {
    const assignment = this.#assignment;
    if (assignment === undefined) return;
    assignment.revoke();
    this.#paused.resumeAll();
    const over = new AbortController();
    const limitMs = this.#parts.settings.rebalanceTimeoutMs * drainShare;
    const late = delay(limitMs, AbortSignal.any([over.signal, this.#closing.signal])).then(
      () =>
        this.#parts.logger.warn(
          { limit_ms: limitMs },
          'Handlers take longer than a rebalance waits for them; their messages may be handled elsewhere too',
        ),
      () => undefined,
    );
    const finished = assignment.whenIdle().then(() => (isLost ? undefined : this.#commits.flush()));
    await Promise.race([finished, late]);
    over.abort();
    this.#assignment = undefined;
  }

  async records(batch: ArrivedBatch): Promise<void> {
    const assignment = this.#assignment;
    await assignment?.whenReady();
    const partition = assignment?.find(batch.topic, batch.partition);
    if (assignment === undefined || partition === undefined) return;
    if (assignment.isRevoked || this.#isPaused || batch.isStale()) return;
    partition.take(batch);
    batch.taken();
    if (!partition.isFull) return;
    const over = new AbortController();
    const taken = partition.whenTaken().finally(() => over.abort());
    await Promise.race([taken, delay(longestWaitMs, over.signal).catch(() => undefined)]);
    if (partition.isFull) this.#paused.pauseUntil(taken, batch.topic, batch.partition);
    over.abort();
  }

  passed(topic: string, partition: number, next: number): void {
    const assignment = this.#assignment;
    // What came and was not taken must not be skipped.
    if (assignment === undefined || assignment.isRevoked || this.#isPaused) return;
    assignment.find(topic, partition)?.skipTo(next);
    this.#commits.finished();
  }

  ended(reason: Error): void {
    this.#isOver = true;
    this.#paused.forget();
    this.#assignment?.revoke();
    this.#end.resolve(reason);
  }

  async #locate(partitions: PartitionsByTopic): ReturnType<typeof placesOf> {
    const { admin, settings } = this.#parts;
    const { groupId, fromBeginning } = settings;
    const places = await placesOf(admin, { groupId, fromBeginning }, partitions);
    const begun = fromBeginning ? [] : places.filter(({ isCommitted }) => !isCommitted);
    const starts = begun.map(({ topic, partition, offset }) => ({ topic, partition, offset: String(offset) }));
    // What comes from now on must not be skipped by a restart before the first message is finished.
    if (starts.length > 0) await this.#consumer.startAt(starts);
    return places;
  }

  async #commit(): Promise<void> {
    const uncommitted = this.#assignment?.uncommitted();
    if (uncommitted === undefined) return;
    if (await this.#consumer.commit(uncommitted.offsets)) uncommitted.committed();
  }
}
