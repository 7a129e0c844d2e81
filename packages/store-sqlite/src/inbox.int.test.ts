import { join } from 'node:path';
import { currentMessageContext, uuidV7, withMessageContext } from '@es/core';
import { describeInbox } from '@es/testing';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { sqliteCapabilities } from './capabilities.ts';
import type { SqliteDatabase } from './sqlite-database.ts';
import { SqliteInbox } from './sqlite-inbox.ts';
import { makeFolder, temporaryFile } from './temporary-folder.fixture.ts';

describeInbox<SqliteDatabase>({
  runner: { describe, test },
  name: 'SqliteInbox',
  capabilities: sqliteCapabilities,
  create: () => {
    const folder = makeFolder();
    const path = join(folder.path, 'inbox.db');
    const own = new Database(path);
    own.pragma('journal_mode = WAL');
    own.exec('CREATE TABLE notes (note TEXT NOT NULL)');
    return {
      open: () => new SqliteInbox({ path }),
      notes: {
        write: (transaction, note) => void transaction.prepare('INSERT INTO notes VALUES (?)').run(note),
        read: () => own.prepare('SELECT note FROM notes').pluck().all() as string[],
      },
      cleanup: () => {
        own.close();
        folder.remove();
      },
    };
  },
});

function anInbox(): { inbox: SqliteInbox; database: InstanceType<typeof Database> } {
  const database = new Database(temporaryFile());
  database.exec('CREATE TABLE mails (recipient TEXT PRIMARY KEY)');
  return { inbox: new SqliteInbox({ database }), database };
}

describe('the inbox on SQLite', () => {
  test('works on the database that it was handed, and hands on its errors', async () => {
    const { inbox, database } = anInbox();
    const insert = database.prepare('INSERT INTO mails VALUES (?)');
    await inbox.once('e-1', 'mailer', (transaction) => {
      expect(transaction).toBe(database);
      insert.run('ann');
    });
    await expect(inbox.once('e-2', 'mailer', () => insert.run('ann'))).rejects.toThrow(/^UNIQUE constraint failed: mails.recipient$/);
    expect(await inbox.once('e-2', 'mailer', () => insert.run('bob'))).toBe('handled');
    expect(database.prepare('SELECT recipient FROM mails ORDER BY 1').pluck().all()).toEqual(['ann', 'bob']);
  });

  test('refuses work that awaits, and undoes what that has written', async () => {
    const { inbox, database } = anInbox();
    const later = Promise.withResolvers<void>();
    const waiting = inbox.once('e-1', 'mailer', async (transaction) => {
      transaction.exec("INSERT INTO mails VALUES ('ann')");
      await later.promise;
    });
    await expect(waiting).rejects.toMatchObject({ code: 'ES_INVALID_ARGUMENT', message: expect.stringContaining('without await') });
    later.reject(new Error('nobody waits for this'));
    expect(database.prepare('SELECT count(*) FROM mails').pluck().get()).toBe(0);
    expect(await inbox.once('e-1', 'mailer', () => undefined)).toBe('handled');
  });

  test('does work in the context of its caller, though several share a transaction', async () => {
    const { inbox } = anInbox();
    const seen: unknown[] = [];
    const deliver = (correlationId: string): Promise<unknown> =>
      withMessageContext({ correlationId }, () =>
        inbox.once(uuidV7(), 'mailer', () => void seen.push(currentMessageContext().correlationId)),
      );
    await Promise.all(['a', 'b', 'c'].map(deliver));
    expect(seen).toEqual(['a', 'b', 'c']);
  });

  test('forgets more than a slice', async () => {
    const { inbox } = anInbox();
    await Promise.all(Array.from({ length: 1_201 }, () => inbox.once(uuidV7(), 'mailer', () => undefined)));
    expect(await inbox.forgetBefore(new Date(Date.now() + 60_000))).toBe(1_201);
  });
});
