import { describe, expect, test } from 'vitest';
import { currentMessageContext, messageContextOf, withMessageContext } from '../index.ts';

describe('message context', () => {
  test('is there after awaits, inherits what is not given, and ends with its function', async () => {
    await withMessageContext({ correlationId: 'c', tenantId: 't' }, async () => {
      await Promise.resolve();
      withMessageContext({ causationId: 'm' }, () => {
        expect(currentMessageContext()).toEqual({ correlationId: 'c', tenantId: 't', causationId: 'm' });
      });
    });
    expect(currentMessageContext()).toEqual({});
  });

  test('of an event: its conversation, caused by it', () => {
    expect(messageContextOf({ id: 'e-1', correlationId: 'c', tenantId: 't' })).toEqual({
      correlationId: 'c',
      causationId: 'e-1',
      tenantId: 't',
    });
  });
});
