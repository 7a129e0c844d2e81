import { createRequire } from 'node:module';
import { type ConfluentLibrary, confluentKafka, type KafkaLocation } from './index.ts';

/** Where Confluent's library is, if the tests are to run with that instead of kafkajs. */
export const confluentFolder: string | undefined = process.env['ES_CONFLUENT_FOLDER'];

/** Confluent's library. It is no dependency of the workspace, since it has to be compiled. */
function confluentLibrary(folder: string): ConfluentLibrary {
  return createRequire(import.meta.url)(folder);
}

/** How these tests reach brokers: by kafkajs, or by Confluent's library. */
export function locationOf({
  brokers,
  ssl,
  sasl,
}: Pick<Extract<KafkaLocation, { readonly brokers: readonly string[] }>, 'brokers' | 'ssl' | 'sasl'>): KafkaLocation {
  if (confluentFolder === undefined) return { brokers, ...(ssl === undefined ? {} : { ssl }), ...(sasl === undefined ? {} : { sasl }) };
  const ca = typeof ssl === 'object' ? ssl.ca : undefined;
  const config = {
    'bootstrap.servers': brokers.join(),
    'security.protocol': `${sasl === undefined ? '' : 'sasl_'}${ssl === undefined ? 'plaintext' : 'ssl'}`,
    ...(typeof ca === 'string' ? { 'ssl.ca.pem': ca } : {}),
    ...(sasl === undefined || sasl.mechanism === 'oauthbearer'
      ? {}
      : { 'sasl.mechanism': sasl.mechanism.toUpperCase(), 'sasl.username': sasl.username, 'sasl.password': sasl.password }),
  };
  return { client: confluentKafka(confluentLibrary(confluentFolder), config) };
}
