import type { Inbox, StoreCapabilities } from '@es/core';
import type { ConformanceSection } from '../conformance/conformance-case.ts';
import { registerSections } from '../conformance/register-cases.ts';
import { type StoreFixture, withStore } from '../conformance/store-fixture.ts';
import type { TestRunner } from '../conformance/test-runner.ts';
import { forgetting } from './forgetting.ts';
import { handling } from './handling.ts';
import type { InboxCase, InboxSetting, Notes } from './inbox-case.ts';
import { inboxLifecycle } from './inbox-lifecycle.ts';

/** A place where inboxes keep their data, and a table of the application's own beside it. */
export interface InboxFixture<Transaction> extends StoreFixture<Inbox<Transaction>, object> {
  /** Notes that the suite writes in transactions of the inbox; none at first. */
  readonly notes: Notes<Transaction>;
}

/** Makes a place for data. Called once for every case. */
export type CreateInboxFixture<Transaction> = () => InboxFixture<Transaction> | Promise<InboxFixture<Transaction>>;

/** What the conformance suite must know of an inbox. */
export interface InboxSuite<Transaction> {
  /** `describe` and `test` of vitest, node:test or another runner. */
  readonly runner: TestRunner;
  /** Name of the inbox, for the report. */
  readonly name: string;
  /** What the adapter says it can do; cases beyond that are shown as skipped. */
  readonly capabilities: StoreCapabilities;
  /** Makes a new, empty place for data; called once for every case. */
  readonly create: CreateInboxFixture<Transaction>;
}

/** What an inbox does. */
export const inboxSections: readonly ConformanceSection<InboxSetting, keyof StoreCapabilities>[] = [
  { topic: 'handling events once', cases: handling },
  { topic: 'forgetting', cases: forgetting },
  { topic: 'being closed and opened', cases: inboxLifecycle },
];

/** Registers the conformance suite of inboxes: every promise of the port, as one test each. */
export function describeInbox<Transaction>({ runner, name, capabilities, create }: InboxSuite<Transaction>): void {
  void runner.describe(name, () => {
    registerSections(runner, inboxSections, capabilities, (inboxCase) => runInboxCase(create, inboxCase));
  });
}

/** Runs one case on an inbox of its own. */
export async function runInboxCase<Transaction>(create: CreateInboxFixture<Transaction>, { run }: InboxCase): Promise<void> {
  // The cases hand the transactions of an inbox to its own notes alone, without looking at them.
  const fixture = (await create()) as InboxFixture<unknown>;
  await withStore<Inbox<unknown>, object>(
    () => fixture,
    {},
    (setting) => run({ ...setting, notes: fixture.notes }),
  );
}
