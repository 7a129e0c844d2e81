/** The attributes that are written and read here, in the order in which they are written. */
export const attributeNames = [
  'specversion',
  'id',
  'source',
  'type',
  'subject',
  'time',
  'aggregatetype',
  'aggregateversion',
  'schemaversion',
  'correlationid',
  'causationid',
  'actorid',
  'tenantid',
  'metadata',
  'tags',
  'traceparent',
  'tracestate',
] as const;

/** An attribute of a CloudEvent. */
export type AttributeName = (typeof attributeNames)[number];

/** What the attributes are called somewhere, made beforehand: they are looked up for every message. */
export type NamesOfAttributes = Readonly<Record<AttributeName, string>>;

/** Attributes where they came: all text among the headers of a message; with numbers, and anything else that is wrong there, in JSON. */
export interface ReceivedAttributes {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly names: NamesOfAttributes;
}

/** The names of attributes behind a prefix. */
export function namesWith(prefix: string): NamesOfAttributes {
  return Object.fromEntries(attributeNames.map((name) => [name, prefix + name])) as NamesOfAttributes;
}

/** An attribute as it came; `undefined` if it did not. */
export function attributeOf({ fields, names }: ReceivedAttributes, name: AttributeName): unknown {
  return fields[names[name]];
}
