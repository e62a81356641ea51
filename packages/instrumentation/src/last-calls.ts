/** When endpoints and methods were called last: no metric has it. */
import type { MetricsRegistry } from '@tsukimi/metrics';
import { accountingsOf } from './http/accounting.js';
import { instrumenterOf } from './instrument/instrument.js';

export interface CalledEndpoint {
  /** `GET` */
  readonly method: string;
  /** The route's template, such as `/api/users/:userId`. */
  readonly path: string;
  /** The end of the last request. */
  readonly at: Date;
}

export interface CalledMethod {
  readonly component: string;
  readonly method: string;
  /** The end of the last call. */
  readonly at: Date;
}

export interface LastCalls {
  readonly endpoints: readonly CalledEndpoint[];
  readonly methods: readonly CalledMethod[];
}

/**
 * Returns when each endpoint and each method was called last whose calls are recorded in a registry. Those that were never called are left out. If
 * several servers of the process have the same endpoint, there is an entry for each.
 */
export function lastCallsOf(registry: MetricsRegistry): LastCalls {
  const routes = accountingsOf(registry).flatMap((accounting) => accounting.routes);
  const endpoints = routes.flatMap(({ method, path, lastCalled: at }) => (at === undefined ? [] : [{ method, path, at }]));
  const methods = [...instrumenterOf(registry).components.values()].flatMap(({ component, methods: all }) =>
    [...all.values()].flatMap(({ method, lastCalled: at }) => (at === undefined ? [] : [{ component, method, at }])),
  );
  return { endpoints, methods };
}
