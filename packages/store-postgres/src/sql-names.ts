import { InvalidArgumentError } from '@es/core';

/** Names of what the stores use in a database, for the text of SQL. */
export interface SqlNames {
  /** The schema's name. */
  readonly name: string;
  /** The schema, as an identifier in quotes. */
  readonly schema: string;
  /** Channel of `NOTIFY`, as an identifier in quotes. */
  readonly channel: string;
  /** Channel of `NOTIFY`, as a literal in quotes. */
  readonly channelText: string;
  /** Expressions of type bigint, the keys of the advisory locks. */
  readonly locks: {
    /** Held by whoever gives out positions, until the commit. */
    readonly log: string;
    /** Held, shared, by everyone who listens to the channel. */
    readonly listeners: string;
    /** Held while tables are made or migrated. */
    readonly migration: string;
    /** Held by whoever appends to a stream, until the commit; takes expressions for the aggregate's type and id. */
    stream(aggregateType: string, aggregateId: string): string;
  };
}

/* Identifiers end after 63 bytes, and the channel's is longer by a few than the schema's. */
const schemaPattern = /^[A-Za-z_][A-Za-z0-9_-]{0,49}$/;

/**
 * The names that go with a schema.
 *
 * @throws InvalidArgumentError unless it is a name of 1 to 50 letters, digits, underscores or hyphens that starts with no digit nor `pg_`.
 */
export function sqlNames(schema: string): SqlNames {
  if (typeof schema !== 'string' || !schemaPattern.test(schema) || schema.startsWith('pg_')) {
    throw new InvalidArgumentError(
      `A schema's name is 1 to 50 letters, digits, underscores or hyphens, without a digit or pg_ at its start; it got ${JSON.stringify(schema)}.`,
    );
  }
  const salt = (use: string): string => `hashtextextended('@es/store-postgres ${use} ${schema}', 0)`;
  return {
    name: schema,
    schema: `"${schema}"`,
    channel: `"es_${schema}_appends"`,
    channelText: `'es_${schema}_appends'`,
    locks: {
      log: salt('log'),
      listeners: salt('listeners'),
      migration: salt('migration'),
      stream: (aggregateType, aggregateId) => `hashtextextended(${aggregateId}, hashtextextended(${aggregateType}, ${salt('stream')}))`,
    },
  };
}
