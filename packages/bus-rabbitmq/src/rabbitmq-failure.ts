import { BrokerError, type BrokerErrorCode, EventSourcingError } from '@es/core';

interface Explanation {
  /** Matches AMQP's reply code, the system's error code, or the message. */
  readonly symptom: RegExp;
  readonly code: BrokerErrorCode;
  readonly advice: string;
}

const explanations: readonly Explanation[] = [
  {
    symptom: /403 \(ACCESS[_-]REFUSED\)|ACCESS_REFUSED - Login|mechanism \S+ is not provided/,
    code: 'ES_BROKER_ACCESS',
    advice: 'Check user and password, and what the user may configure, write and read: the package’s README lists it.',
  },
  {
    symptom: /^530$|Expected ConnectionOpenOk; got <ConnectionClose/,
    code: 'ES_BROKER_ACCESS',
    advice: 'The virtual host is not there, not open to this user, or has no connection left.',
  },
  {
    symptom: /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|EPROTO|HOSTNAME_MISMATCH/,
    code: 'ES_BROKER_ACCESS',
    advice: 'Check the certificates on both sides: `socketOptions` takes `ca`, `cert`, `key` and `servername`.',
  },
  {
    symptom: /^404$/,
    code: 'ES_BROKER_TOPOLOGY',
    advice: 'Let the bus make what is missing (`declare`), or make it as the package’s README says.',
  },
  {
    symptom: /^(405|406|540)$/,
    code: 'ES_BROKER_TOPOLOGY',
    advice: 'Use the options it was made with, or other names; or delete it, once it is empty, and start again.',
  },
  {
    symptom:
      /^(320|ECONN|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOST|ENETUNREACH|EADDR)|[Ss]ocket closed|ETIMEDOUT|Heartbeat timeout|Unexpected close|Connection clos|Channel (closed|closing|ended)|channel closed/,
    code: 'ES_BROKER_UNAVAILABLE',
    advice: 'It can’t be reached, or went away. Look whether it runs and whether the address is right.',
  },
];

/**
 * Says a failure of the broker in words: what was tried, where, why it failed, what to do. Our own errors are returned as they are.
 *
 * @param operation - What was tried, such as `RabbitMQEventBus.startConsuming`.
 * @param place - Server and virtual host, without secrets.
 */
export function explainFailure(error: unknown, operation: string, place: string): EventSourcingError {
  if (error instanceof EventSourcingError) return error;
  const reason = messageOf(error);
  const symptoms = [...codesOf(error), reason];
  const found = explanations.find(({ symptom }) => symptoms.some((text) => symptom.test(text)));
  const advice = found?.advice ?? 'The cause is what the driver reported.';
  return new BrokerError(found?.code ?? 'ES_BROKER_FAILURE', `${operation} failed on ${place}: ${reason}. ${advice}`, { cause: error });
}

/** AMQP's reply code of a failure: 403, 404, 406. */
export function replyCodeOf(error: unknown): number | undefined {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === 'number' ? code : undefined;
}

/** A failure that trying again will not mend. */
export function isLasting(error: EventSourcingError): boolean {
  return error.code === 'ES_BROKER_ACCESS' || error.code === 'ES_BROKER_TOPOLOGY';
}

/** Codes of the error and, where it is about several addresses, of each attempt. */
function codesOf(error: unknown): string[] {
  const { code, errors } = (error ?? {}) as { readonly code?: unknown; readonly errors?: unknown };
  const own = code === undefined ? [] : [String(code)];
  return Array.isArray(errors) ? [...own, ...errors.flatMap(codesOf)] : own;
}

/** An error about several addresses has no message of its own. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.message !== '') return error.message;
  return error instanceof AggregateError ? error.errors.map(messageOf).join('; ') : error.name;
}
