import { SpanKind } from '@es/otel';
import { type ArrayDatabase, ArrayEventStorage } from './array-event-storage.fixture.ts';
import { type BrokenStorage, recording } from './broken-storage.fixture.ts';

class Disguised extends ArrayEventStorage {
  override readonly description: ArrayEventStorage['description'];

  constructor(database: ArrayDatabase, description: Partial<ArrayEventStorage['description']>) {
    super(database);
    this.description = { ...new ArrayEventStorage(database).description, ...description };
  }
}

/** Faults in what is stored of an event, and in what a storage says of itself. */
export const brokenRecords: readonly BrokenStorage[] = [
  {
    fault: 'cuts long text',
    make: recording((record) => ({ ...record, data: record.data.length > 65_535 ? '{}' : record.data })),
    noticedBy: ['text of any script', 'deep and wide'],
  },
  {
    fault: 'normalizes Unicode',
    make: recording((record) => ({ ...record, data: record.data.normalize('NFC') })),
    noticedBy: ['text of any script'],
  },
  {
    fault: 'takes text that looks like a date for a number',
    make: recording((record) => ({
      ...record,
      data: record.data.replace(/"\d{4}-\d\d-\d\dT[^"]*"/g, (text) => String(Date.parse(text.slice(1, -1)))),
    })),
    noticedBy: ['without a schema a date'],
  },
  {
    fault: 'builds objects by assignment',
    make: recording((record) => ({ ...record, data: record.data.replaceAll('"__proto__"', '"proto"') })),
    noticedBy: ['odd keys'],
  },
  {
    fault: 'keeps numbers in single precision',
    make: recording((record) => ({
      ...record,
      data: JSON.stringify(JSON.parse(record.data, (_, value) => (typeof value === 'number' ? Math.fround(value) : value))),
    })),
    noticedBy: ['numbers come back exactly'],
  },
  { fault: 'loses metadata', make: recording((record) => ({ ...record, metadata: null })), noticedBy: ['every field of an event'] },
  {
    fault: 'loses the tenant',
    make: recording((record) => ({ ...record, tenantId: null })),
    noticedBy: ['every field', 'correlation, causation', 'filters by tenant'],
  },
  {
    fault: 'loses the actor',
    make: recording((record) => ({ ...record, actorId: null })),
    noticedBy: ['every field', 'correlation, causation'],
  },
  {
    fault: 'sorts tags',
    make: recording((record) => ({ ...record, tags: record.tags && [...record.tags].sort() })),
    noticedBy: ['doubled tags'],
  },
  {
    fault: 'forgets the schema version',
    make: recording((record) => ({ ...record, schemaVersion: 1 })),
    noticedBy: ['every field', 'events of older schema versions', 'what is stored keeps'],
  },
  {
    fault: 'cuts milliseconds',
    make: recording((record) => ({ ...record, occurredAt: record.occurredAt.replace(/\.\d+/, '.000') })),
    noticedBy: ['the time of an event', 'every field'],
  },
  {
    fault: 'loses the trace state',
    make: recording((record) => ({ ...record, tracestate: null })),
    noticedBy: ['the trace state goes along', 'an event that bears a trace context', 'every field'],
  },
  {
    fault: 'drops contexts that are not sampled',
    make: recording((record) => ({ ...record, traceparent: record.traceparent?.endsWith('-00') ? null : record.traceparent })),
    noticedBy: ['the trace context is stored also when nothing is sampled', 'every field'],
  },
  {
    fault: 'gives its spans another kind',
    make: (database) => new Disguised(database, { spanKind: SpanKind.INTERNAL }),
    noticedBy: ['an append has one span', 'a read of a stream has one span'],
  },
  {
    fault: 'names no database on its spans',
    make: (database) => new Disguised(database, { attributes: {} }),
    noticedBy: ['an append has one span', 'measures every operation'],
  },
  {
    fault: 'gives its spans another scope',
    make: (database) => new Disguised(database, { scope: { name: 'other', version: '1' } }),
    noticedBy: ['an append has one span', 'counts appended events'],
  },
  {
    fault: 'gives its scope no version',
    make: (database) => new Disguised(database, { scope: { name: 'array-event-store', version: '' } }),
    noticedBy: ['an append has one span'],
  },
];
