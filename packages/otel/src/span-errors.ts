import { type Span, SpanStatusCode } from '@opentelemetry/api';
import { ATTR_ERROR_TYPE } from './attributes.ts';

/** What the semantic conventions call a failure that has no name. */
const OTHER = '_OTHER';
const ABORT_ERROR = 'AbortError';

interface ErrorLike {
  readonly name: string;
  readonly message: string;
  readonly stack?: unknown;
  readonly code?: unknown;
}

/**
 * The name of a failure, for the attribute `error.type` of spans and metrics alike.
 *
 * `AbortError` for an abort; else the error's `code` when that is a string; else its name, or its class when the name was left at
 * `Error`; `_OTHER` for anything that is not an error.
 */
export function errorType(error: unknown): string {
  if (!isErrorLike(error)) return OTHER;
  if (error.name === ABORT_ERROR) return ABORT_ERROR;
  if (typeof error.code === 'string' && error.code !== '') return error.code;
  return className(error);
}

/**
 * Marks a span as failed: status ERROR with the error's message, `error.type`, and the exception with its stack.
 *
 * A span that succeeds needs no call: its status stays UNSET, as the conventions ask of libraries.
 */
export function recordFailure(span: Span, error: unknown): void {
  if (!span.isRecording()) return;
  const message = messageOf(error);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
  span.setAttribute(ATTR_ERROR_TYPE, errorType(error));
  if (!isErrorLike(error)) {
    span.recordException({ name: OTHER, message });
    return;
  }
  // Without its code: the SDK would put that in place of the exception's class, and error.type has it already.
  const exception = { name: className(error), message };
  span.recordException(typeof error.stack === 'string' ? { ...exception, stack: error.stack } : exception);
}

// By shape and not by class: errors of other realms (vm, worker messages) are no instance of our Error.
function isErrorLike(error: unknown): error is ErrorLike {
  if (typeof error !== 'object' || error === null) return false;
  const { name, message } = error as Partial<ErrorLike>;
  return typeof name === 'string' && typeof message === 'string';
}

function className(error: ErrorLike): string {
  if (error.name !== 'Error' && error.name !== '') return error.name;
  return error.constructor?.name || 'Error';
}

function messageOf(error: unknown): string {
  if (isErrorLike(error)) return error.message;
  try {
    return String(error);
  } catch {
    return Object.prototype.toString.call(error);
  }
}
