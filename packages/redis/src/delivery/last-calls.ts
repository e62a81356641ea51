/** When endpoints and methods were called last. */
import { lastCallsOf } from '@tsukimi/instrumentation';
import type { MetricsRegistry } from '@tsukimi/metrics';

/** ISO times by `GET /greet/:name`, and by `UserService.find`. */
export interface LastCalls {
  readonly endpoints: ReadonlyMap<string, string>;
  readonly methods: ReadonlyMap<string, string>;
}

/** Reads the times of the last calls. */
export function readLastCalls(registry: MetricsRegistry): LastCalls {
  const endpoints = new Map<string, string>();
  const methods = new Map<string, string>();
  const { endpoints: called, methods: calledMethods } = lastCallsOf(registry);
  for (const { method, path, at } of called) latest(endpoints, `${method} ${path}`, at.toISOString());
  for (const { component, method, at } of calledMethods) latest(methods, `${component}.${method}`, at.toISOString());
  return { endpoints, methods };
}

/** Several servers of a process may have the same endpoint. */
function latest(times: Map<string, string>, name: string, at: string): void {
  const known = times.get(name);
  if (known === undefined || known < at) times.set(name, at);
}
