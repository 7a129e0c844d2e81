import { errorType } from '@es/otel';
import type { DeadLetterError } from './dead-letter.ts';

/** User and password in a URL, as `amqp://user:password@host`. */
const urlPassword = /\b([a-z][a-z\d+.-]*:\/\/[^\s:@/]*):[^\s@/]+@/gi;

/** What of anything thrown may be kept and shown: name, code and message, with the passwords of URLs masked. */
export function describeError(error: unknown): DeadLetterError {
  const { name, message, code } = fieldsOf(error);
  return {
    name: typeof name === 'string' && name !== '' ? name : errorType(error),
    message: maskPasswords(typeof message === 'string' ? message : textOf(error)),
    ...(typeof code === 'string' ? { code } : {}),
  };
}

/** By shape, since errors of another realm are no instance of our Error. */
function fieldsOf(error: unknown): { readonly name?: unknown; readonly message?: unknown; readonly code?: unknown } {
  return typeof error === 'object' && error !== null ? error : {};
}

function textOf(error: unknown): string {
  return typeof error === 'object' || typeof error === 'function' ? Object.prototype.toString.call(error) : String(error);
}

function maskPasswords(text: string): string {
  return text.replace(urlPassword, '$1:***@');
}
