import { errorType } from '@es/otel';
import type { DeadLetterError } from './dead-letter.ts';

/** User and password in a URL, as `amqp://user:password@host`. */
const urlPassword = /\b([a-z][a-z\d+.-]*:\/\/[^\s:@/]*):[^\s@/]+@/gi;

/** What of an error may be kept and shown: name, code and message, with the passwords of URLs masked. */
export function describeError(error: unknown): DeadLetterError {
  if (!(error instanceof Error)) return { name: errorType(error), message: maskPasswords(String(error)) };
  const described = { name: error.name, message: maskPasswords(error.message) };
  return 'code' in error && typeof error.code === 'string' ? { ...described, code: error.code } : described;
}

function maskPasswords(text: string): string {
  return text.replace(urlPassword, '$1:***@');
}
