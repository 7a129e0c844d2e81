import { type AnyEventDefinition, defineEvent, type EventDefinition, type JsonObject } from '@es/core';

/** Any Standard Schema. */
export type AnySchema = NonNullable<AnyEventDefinition['schema']>;

type Verdict =
  | { readonly value: unknown }
  | { readonly issues: readonly { readonly message: string; readonly path: readonly PropertyKey[] }[] };

/** A schema by hand, since a suite for adapters should not choose a validator for them. */
function schema(validate: (value: JsonObject) => Verdict): AnySchema {
  return { '~standard': { version: 1, vendor: '@es/testing', validate: (value) => validate((value ?? {}) as JsonObject) } };
}

function issue(message: string, ...path: PropertyKey[]): Verdict {
  return { issues: [{ message, path }] };
}

/** Data `{ amount }`, a number. */
export const Paid: EventDefinition<'Paid', AnySchema> = defineEvent('Paid', {
  schema: schema((value) => (typeof value['amount'] === 'number' ? { value } : issue('must be a number', 'amount'))),
});

/** Data `{ at }`, a date; accepts the ISO text that becomes of it in JSON. */
export const Dated: EventDefinition<'Dated', AnySchema> = defineEvent('Dated', {
  schema: schema((value) => {
    const at = new Date(value['at'] as string | number);
    return Number.isNaN(at.getTime()) ? issue('must be a date', 'at') : { value: { ...value, at } };
  }),
});

/** No data. */
export const Closed: EventDefinition<'Closed', undefined> = defineEvent('Closed');

const price = schema((value) =>
  typeof value['amount'] === 'number' && typeof value['currency'] === 'string'
    ? { value }
    : issue('must have amount and currency', 'amount'),
);

/** Third version of an event that began as `{ price: '3.50' }` and then was `{ price: 3.5 }`. */
export const PriceSet: EventDefinition<'PriceSet', AnySchema> = defineEvent('PriceSet', {
  schemaVersion: 3,
  schema: price,
  upcast: {
    1: (data) => ({ price: Number((data as JsonObject)['price']) }),
    2: (data) => ({ amount: (data as JsonObject)['price'], currency: 'EUR' }),
  },
});

/** The same event as code knows it that came too late for the first version. */
export const PriceSetWithoutHistory: EventDefinition<'PriceSet', AnySchema> = defineEvent('PriceSet', {
  schemaVersion: 3,
  schema: price,
  upcast: { 2: (data) => ({ amount: (data as JsonObject)['price'], currency: 'EUR' }) },
});

/** The same event as older code knows it. */
export const OldPriceSet: EventDefinition<'PriceSet', AnySchema> = defineEvent('PriceSet', { schema: schema((value) => ({ value })) });
