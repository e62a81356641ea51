/** Marks spans of what failed: status, `error.type` and an exception event. */
import { type Span, SpanStatusCode } from '@opentelemetry/api';
import { errorClassName } from '@tsukimi/instrumentation';

const LONGEST_TEXT = 4096;

/** Marks a span as failed. Never throws, whatever was thrown. */
export function markFailed(span: Span, error: unknown, { recordStacks }: { readonly recordStacks: boolean }): void {
  const type = errorClassName(error);
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.setAttribute('error.type', type);
  addException(span, error, { type, recordStacks });
}

/**
 * Adds an event for what was thrown.
 * @see https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-spans/
 */
export function addException(span: Span, error: unknown, { type = errorClassName(error), recordStacks = false } = {}): void {
  const message = textOf(error, 'message');
  const stack = recordStacks ? textOf(error, 'stack') : undefined;
  span.addEvent('exception', {
    'exception.type': type,
    ...(message !== undefined && { 'exception.message': message }),
    ...(stack !== undefined && { 'exception.stacktrace': stack }),
  });
}

/** Returns a text of what was thrown, which may be anything, also an object whose getters throw. */
function textOf(error: unknown, key: 'message' | 'stack'): string | undefined {
  try {
    const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, key) : key === 'message' ? error : undefined;
    if (value === undefined || value === null || typeof value === 'object' || typeof value === 'function') return undefined;
    return String(value).slice(0, LONGEST_TEXT);
  } catch {
    return undefined;
  }
}
