import { expect, test } from 'vitest';
import type { ConfluentLibrary } from './confluent-library.ts';
import { confluentKafka } from './index.ts';

// What it does with a library is tested with the real one.
test('anything but the library is refused, and the error says what is needed', () => {
  const notIt = { KafkaJS: {} } as unknown as ConfluentLibrary;
  expect(() => confluentKafka(notIt, { 'bootstrap.servers': 'localhost:9092' })).toThrow(
    expect.objectContaining({ code: 'ES_INVALID_ARGUMENT', message: expect.stringContaining('@confluentinc/kafka-javascript') }),
  );
});
