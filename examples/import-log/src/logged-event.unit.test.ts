import { describe, expect, test } from 'vitest';
import { parseLine } from './logged-event.ts';

const format = { aggregateType: 'Parcel', idField: 'parcel', typeField: 'event', timeField: 'time' };
const parse = (text: string, number = 7, log = 'parcels.ndjson') => parseLine({ number, text }, log, format);
const good = '{"parcel":"P-1","event":"Sorted","time":"2025-03-03T07:17:56.5+01:00","no":1.50,"deep":{"a":[null,"ü"]}}';

describe('parseLine', () => {
  test('makes an event of a line, with the whole line as its data', () => {
    expect(parse(good)).toEqual({
      line: 7,
      aggregateId: 'P-1',
      event: {
        id: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/),
        type: 'Sorted',
        schemaVersion: 1,
        occurredAt: '2025-03-03T06:17:56.500Z',
        data: JSON.parse(good),
        metadata: { log: 'parcels.ndjson', line: 7 },
      },
    });
  });

  test('gives a line the same id every time, and another one to any other line, place or log', () => {
    const { id } = parse(good).event;
    expect(parse(good).event.id).toBe(id);
    const others = [parse(good, 8), parse(good.replace('Sorted', 'Lost')), parse(good, 7, 'other.ndjson')];
    for (const other of others) expect(other.event.id).not.toBe(id);
  });

  test('takes a whole number as an id', () => {
    expect(parse(good.replace('"P-1"', '42')).aggregateId).toBe('42');
  });

  test('takes long digits for what they are in text, and in numbers that keep them', () => {
    const line = good.replace('1.50', '"12345678901234567891"').replace('null', '9007199254740992, 0.12345678901234567');
    expect(parse(line).event.data).toEqual(JSON.parse(line));
  });

  test.for([
    ['is cut off', '{"parcel":"P-1","event', undefined, 'it is not JSON'],
    ['is no object', '["P-1"]', undefined, 'it is JSON, but not an object'],
    ['has no id', '{"event":"Sorted"}', 'parcel', "the aggregate's id must be a non-empty string or a whole number; it is missing"],
    ['has a fraction as id', '{"parcel":1.5}', 'parcel', 'it is 1.5'],
    ['has an empty type', good.replace('Sorted', ''), 'event', 'the event\'s type must be a non-empty string; it is ""'],
    ['has a time without a zone', good.replace('+01:00', ''), 'time', 'the time must be ISO 8601 with an offset'],
    ['has a day that does not exist', good.replace('03-03', '13-03'), 'time', 'the time must be ISO 8601 with an offset'],
    ['has a number that would be rounded', good.replace('1.50', '12345678901234567891'), undefined, 'the number 12345678901234567891'],
    [
      'is nested too deeply to be kept',
      good.replace('null', '['.repeat(2000) + ']'.repeat(2000)),
      expect.stringMatching(/^deep\.a\[0\]/),
      'nested',
    ],
  ] as const)('refuses a line that %s', ([, text, field, reason]) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({ code: 'BAD_LINE', line: 7, field, message: expect.stringContaining(reason) }),
    );
  });
});
