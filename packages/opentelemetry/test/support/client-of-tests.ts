/** Requests of the tests themselves, which are not to be traced, though they come from the process that is. */
import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';

export function fetchUntraced(url: string, init?: RequestInit): Promise<Response> {
  return context.with(suppressTracing(ROOT_CONTEXT), () => fetch(url, init));
}
