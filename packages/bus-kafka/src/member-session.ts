import { delay, type ReceiveMessage } from '@es/core';
import type { Logger } from '@es/otel';
import { Assignment, type PartitionsByTopic } from './assignment.ts';
import { CommitSchedule } from './commit-schedule.ts';
import { ConsumerGate } from './consumer-gate.ts';
import { createConsumer, type GroupSettings, heartbeatMsOf } from './group-consumer.ts';
import { placesOf } from './group-places.ts';
import { ifRunning } from './if-running.ts';
import type { KafkaBatchPayload, KafkaClient, KafkaConsumer, KafkaConsumerEvent } from './kafka-client.ts';
import { PausedPartitions } from './paused-partitions.ts';
import type { SharedAdmin } from './shared-admin.ts';
import { SignsOfLife } from './signs-of-life.ts';
import { unwrapped } from './unwrapped.ts';

/** What a session works with. */
export interface MemberSessionParts {
  readonly client: KafkaClient;
  readonly admin: SharedAdmin;
  readonly settings: GroupSettings;
  readonly logger: Logger;
  readonly receive: ReceiveMessage;
  /** Told when the group gave this consumer partitions. */
  readonly joined: () => void;
}

/** How long messages may wait for room before fetching goes on without their partition. */
const longestWaitMs = 250;
/** How many partitions' messages are taken at the same time. */
const partitionsAtOnce = 64;
/** The part of the time that a rebalance has, in which handlers may come to their end. */
const drainShare = 0.75;

/**
 * One kafkajs consumer, from its joining the group to its end.
 *
 * Messages are handed over as they come, and what is fetched while others are in hand is not waited for. When the group is rebalanced, the
 * consumer joins again only after what it had begun is finished and committed: else another member would begin with it as well.
 */
export class MemberSession {
  /** Resolves with the reason when the consumer has come to its end by itself. */
  readonly ended: Promise<Error>;
  readonly #parts: MemberSessionParts;
  readonly #gate: ConsumerGate = new ConsumerGate(() => this.#mayJoin());
  readonly #consumer: KafkaConsumer;
  readonly #commits: CommitSchedule;
  readonly #paused: PausedPartitions;
  readonly #signs: SignsOfLife;
  readonly #closing = new AbortController();
  readonly #end = Promise.withResolvers<Error>();
  readonly #firstJoin = Promise.withResolvers<Assignment>();
  readonly #heartbeatMs: number;
  #assignment: Assignment | undefined;
  #payload: KafkaBatchPayload | undefined;
  #isPaused = false;
  #isOver = false;

  constructor(parts: MemberSessionParts) {
    const { settings, logger } = parts;
    this.#parts = parts;
    this.ended = this.#end.promise;
    this.#heartbeatMs = heartbeatMsOf(settings);
    this.#consumer = createConsumer(parts.client, settings, this.#gate);
    this.#paused = new PausedPartitions(this.#consumer);
    this.#commits = new CommitSchedule({ intervalMs: settings.commitIntervalMs, logger, commit: () => this.#commit() });
    const { sessionTimeoutMs } = settings;
    this.#signs = new SignsOfLife(
      sessionTimeoutMs,
      () => this.#assignment !== undefined && !this.#assignment.isRevoked,
      () => this.#over(new Error(`no sign of life of the consumer was answered for ${sessionTimeoutMs} ms`)),
    );
  }

  /** The partitions of this consumer; undefined while it has not joined. */
  get partitions(): PartitionsByTopic | undefined {
    return this.#assignment?.partitions;
  }

  /** Resolves when the consumer has its partitions and knows where it stands in them. */
  async start(): Promise<void> {
    const { topics, fromBeginning } = this.#parts.settings;
    const { CRASH, END_BATCH_PROCESS, GROUP_JOIN, HEARTBEAT } = this.#consumer.events;
    this.#consumer.on(GROUP_JOIN, (event) => this.#joined(event));
    this.#consumer.on(HEARTBEAT, () => this.#signs.seen());
    this.#consumer.on(END_BATCH_PROCESS, (event) => this.#skipped(event));
    this.#consumer.on(CRASH, (event) => this.#crashed(event));
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topics: [...topics], fromBeginning });
    // Instrumentation of kafkajs would make a consumer span for each batch.
    await unwrapped(this.#consumer.run).call(this.#consumer, {
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: partitionsAtOnce,
      eachBatch: (payload) => this.#eachBatch(payload),
    });
    const crashed = this.ended.then((error) => Promise.reject(error));
    const assignment = await Promise.race([this.#firstJoin.promise, crashed]);
    await Promise.race([assignment.whenReady(), crashed]);
  }

  /** Takes no further messages; what is in hand goes on. */
  pause(): void {
    this.#isPaused = true;
    this.#paused.forget();
    this.#assignment?.drop();
    this.#pauseTopics();
  }

  /** Commits what is finished, unless the broker is lost, and leaves the group. */
  async close(): Promise<void> {
    this.#signs.stop();
    if (!this.#isOver) await this.#commits.flush();
    this.#commits.stop();
    this.#closing.abort();
    this.#gate.close();
    this.#assignment?.revoke();
    this.#end.resolve(new Error('closed'));
    await this.#consumer.disconnect();
  }

  #joined({ payload }: KafkaConsumerEvent): void {
    const { admin, settings, receive, joined } = this.#parts;
    const { memberAssignment } = payload as { readonly memberAssignment: PartitionsByTopic };
    this.#assignment = new Assignment({
      partitions: memberAssignment,
      maxInFlight: settings.maxInFlight,
      receive,
      locate: (partitions) => this.#locate(admin, partitions),
      finished: () => this.#commits.finished(),
    });
    if (this.#isPaused) this.#pauseTopics();
    this.#signs.watch(this.#heartbeatMs);
    this.#firstJoin.resolve(this.#assignment);
    // Asked again by whoever needs it, if it fails.
    this.#assignment.whenReady().catch(() => undefined);
    joined();
  }

  async #locate(admin: SharedAdmin, partitions: PartitionsByTopic): ReturnType<typeof placesOf> {
    const { groupId, fromBeginning } = this.#parts.settings;
    const places = await placesOf(admin, { groupId, fromBeginning }, partitions);
    const begun = fromBeginning ? [] : places.filter(({ isCommitted }) => !isCommitted);
    const starts = begun.map(({ topic, partition, offset }) => ({ topic, partition, offset: String(offset) }));
    // What comes from now on must not be skipped by a restart before the first message is finished.
    for (const start of starts) this.#consumer.seek(start);
    if (starts.length > 0) await this.#consumer.commitOffsets(starts);
    return places;
  }

  async #eachBatch(payload: KafkaBatchPayload): Promise<void> {
    this.#payload = payload;
    const { batch } = payload;
    const assignment = this.#assignment;
    await assignment?.whenReady();
    const partition = assignment?.find(batch.topic, batch.partition);
    const last = batch.messages.at(-1);
    if (assignment === undefined || partition === undefined || last === undefined) return;
    if (assignment.isRevoked || this.#isPaused || payload.isStale() || !payload.isRunning()) return;
    partition.take(batch);
    payload.resolveOffset(last.offset);
    if (!partition.isFull) return;
    const over = new AbortController();
    const taken = partition.whenTaken().finally(() => over.abort());
    await Promise.race([taken, delay(longestWaitMs, over.signal).catch(() => undefined)]);
    if (partition.isFull) this.#paused.pauseUntil(taken, batch.topic, batch.partition);
    over.abort();
  }

  /** Called before every attempt to join. */
  #mayJoin(): boolean {
    const assignment = this.#assignment;
    if (assignment === undefined || this.#closing.signal.aborted) return true;
    if (!assignment.isRevoked) {
      assignment.revoke();
      this.#paused.resumeAll();
      void this.#letGo(assignment);
    }
    return this.#assignment === undefined;
  }

  /** Waits for handlers that have begun, says so to the broker meanwhile, and commits. */
  async #letGo(assignment: Assignment): Promise<void> {
    const heartbeat = setInterval(() => void this.#payload?.heartbeat().catch(() => undefined), this.#heartbeatMs);
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
    await Promise.race([assignment.whenIdle().then(() => this.#commits.flush()), late]);
    over.abort();
    clearInterval(heartbeat);
    this.#assignment = undefined;
  }

  async #commit(): Promise<void> {
    const uncommitted = this.#assignment?.uncommitted();
    if (uncommitted === undefined || this.#payload === undefined) return;
    // Unlike the consumer's own commitOffsets this does not try again under a later generation of the group, when they may be someone else's.
    await this.#payload.commitOffsetsIfNecessary(uncommitted.offsets);
    uncommitted.committed();
  }

  /** Control records are not delivered, but count as read. */
  #skipped({ payload }: KafkaConsumerEvent): void {
    const { topic, partition, batchSize, lastOffset } = payload as BatchEvent;
    if (batchSize > 0 || lastOffset === null) return;
    this.#assignment?.find(topic, partition)?.skipTo(Number(lastOffset) + 1);
    this.#commits.finished();
  }

  #crashed({ payload }: KafkaConsumerEvent): void {
    const { error } = payload as { readonly error: Error };
    this.#over(error);
  }

  #over(error: Error): void {
    this.#isOver = true;
    this.#gate.close();
    this.#signs.stop();
    this.#paused.forget();
    this.#assignment?.revoke();
    this.#end.resolve(error);
  }

  #pauseTopics(): void {
    ifRunning(() => this.#consumer.pause(this.#parts.settings.topics.map((topic) => ({ topic }))));
  }
}

interface BatchEvent {
  readonly topic: string;
  readonly partition: number;
  readonly batchSize: number;
  readonly lastOffset: string | null;
}
