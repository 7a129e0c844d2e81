import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WholeAnswers } from './whole-answers.ts';

const answer = (body: Uint8Array): Buffer => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
};

test('whatever the pieces in which answers come, they are given one by one and whole', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), fc.array(fc.integer({ min: 1, max: 30 })), (bodies, sizes) => {
      const answers = bodies.map(answer);
      const stream = Buffer.concat(answers);
      const whole = new WholeAnswers();
      const got: Buffer[] = [];
      for (let start = 0, index = 0; start < stream.length; index += 1) {
        const end = start + (sizes[index % sizes.length] ?? 7);
        got.push(...whole.take(stream.subarray(start, end)));
        start = end;
      }
      expect(got).toEqual(answers);
    }),
  );
});

test('what is no answer of Kafka is an error, and not waited for', () => {
  expect(() => [...new WholeAnswers().take(Buffer.from([0xff, 0xff, 0xff, 0xfc, 1]))]).toThrow('does not speak the protocol of Kafka');
});
