import { type DeadLetter, type DeadLetterStore, InMemoryDeadLetterStore, type ListDeadLettersOptions } from '@es/core';
import { describe, expect, test } from 'vitest';
import { withStore } from '../conformance/store-fixture.ts';
import { deadLetterSections } from './describe-dead-letter-store.ts';

type Add = Parameters<DeadLetterStore['add']>;

class LosesNul extends InMemoryDeadLetterStore {
  override add(...[letter, ...rest]: Add): Promise<void> {
    const text = JSON.stringify(letter).replaceAll('\\u0000', '');
    return super.add(letter.id.includes('\0') ? letter : (JSON.parse(text) as DeadLetter), ...rest);
  }
}

class KeepsTheFirst extends InMemoryDeadLetterStore {
  override async add(...[letter, ...rest]: Add): Promise<void> {
    if ((await super.get(letter.id)) === undefined) await super.add(letter, ...rest);
  }
}

class TakesNumbersAsTheyCome extends InMemoryDeadLetterStore {
  override add(...[letter, ...rest]: Add): Promise<void> {
    return super.add(JSON.parse(JSON.stringify(letter)) as DeadLetter, ...rest);
  }
}

class NewestFirst extends InMemoryDeadLetterStore {
  override async list(options?: ListDeadLettersOptions): Promise<readonly DeadLetter[]> {
    return (await super.list(options)).toReversed();
  }
}

class CountsFromTheLetterItself extends InMemoryDeadLetterStore {
  override async list({ after, ...options }: ListDeadLettersOptions = {}): Promise<readonly DeadLetter[]> {
    const all = await super.list({ ...options, limit: 1_000 });
    const start = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
    return all.slice(start, start + (options.limit ?? 100));
  }
}

class FiltersAfterThePage extends InMemoryDeadLetterStore {
  override async list({ source, handler, ...options }: ListDeadLettersOptions = {}): Promise<readonly DeadLetter[]> {
    const page = await super.list(options);
    return page.filter((letter) => letter.source === (source ?? letter.source) && letter.handler === (handler ?? letter.handler));
  }
}

class CountsEverything extends InMemoryDeadLetterStore {
  override count({ signal }: Parameters<DeadLetterStore['count']>[0] = {}): Promise<number> {
    return super.count(signal === undefined ? {} : { signal });
  }
}

class PurgesByHandlerAlone extends InMemoryDeadLetterStore {
  override purge({ source: _, ...options }: Parameters<DeadLetterStore['purge']>[0] = {}): Promise<number> {
    return super.purge(options);
  }
}

class PurgesAPage extends InMemoryDeadLetterStore {
  override async purge(options: Parameters<DeadLetterStore['purge']>[0] = {}): Promise<number> {
    const page = await super.list(options);
    for (const { id } of page) await super.remove(id);
    return page.length;
  }
}

class AlwaysRemoved extends InMemoryDeadLetterStore {
  override async remove(...args: Parameters<DeadLetterStore['remove']>): Promise<boolean> {
    await super.remove(...args);
    return true;
  }
}

class NeverCloses extends InMemoryDeadLetterStore {
  override close(): Promise<void> {
    return Promise.resolve();
  }
}

const cases = deadLetterSections.flatMap((section) => section.cases);

describe.each([
  ['can’t store NUL', LosesNul, 'gives back letters exactly'],
  ['keeps the first letter of an id', KeepsTheFirst, 'puts a letter in the place'],
  ['stores null for NaN', TakesNumbersAsTheyCome, 'refuses a letter'],
  ['lists the newest first', NewestFirst, 'lists by id'],
  ['needs the letter behind which to list', CountsFromTheLetterItself, 'goes on behind a letter that is gone'],
  ['filters what is in a page', FiltersAfterThePage, 'lists and counts by source'],
  ['counts without the filter', CountsEverything, 'lists and counts by source'],
  ['purges by one filter of two', PurgesByHandlerAlone, 'purges the letters that match'],
  ['purges a page', PurgesAPage, 'purges everything'],
  ['removes what is not there', AlwaysRemoved, 'removes a letter once'],
  ['never closes', NeverCloses, 'purge fails with a ClosedError after'],
])('a dead letter store that %s', (_fault, Store, beginning) => {
  test(`fails the case "${beginning} …"`, async () => {
    const [found] = cases.filter(({ name }) => name.startsWith(beginning));
    expect(found).toBeDefined();
    const running = withStore<DeadLetterStore, object>(
      () => ({ open: () => new Store() }),
      {},
      async (setting) => found?.run(setting),
    );
    await expect(running).rejects.toThrow();
  });
});
