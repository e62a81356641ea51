/** Reads the values for the table from a response of `/metrics`. */
import { type Mapping, mappingOf } from '../mapping.js';

/** The counters of one route or method since the application started. */
export interface Counts {
  readonly total: number;
  readonly errors: number;
  /** Null if nothing has been recorded yet. */
  readonly p95Ms: number | null;
}

/** Everything at one moment. Undefined is what the application does not measure. */
export interface Reading {
  /** The time by the application's clock, in milliseconds. */
  readonly atMs: number;
  readonly uptimeSeconds: number | undefined;
  readonly inFlight: number | undefined;
  /** By `GET /api/users`. */
  readonly routes: ReadonlyMap<string, Counts> | undefined;
  /** By `UserService.create`. */
  readonly methods: ReadonlyMap<string, Counts> | undefined;
}

/** Why a response can't be shown: it is not Tsukimi's, or measuring is disabled. */
export type Unreadable = 'not-tsukimi' | 'switched-off';

/**
 * Reads the JSON document of an application.
 * @see docs/reference/endpoints.md
 */
export function readDocument(document: unknown): Reading | Unreadable {
  const root = mappingOf(document);
  const parts = mappingOf(root?.['instrumentation']);
  const atMs = Date.parse(String(root?.['timestamp']));
  if (parts === undefined || Number.isNaN(atMs)) return 'not-tsukimi';
  if (root?.['enabled'] !== true) return 'switched-off';
  const http = mappingOf(parts['http']);
  return {
    atMs,
    uptimeSeconds: numberOf(mappingOf(parts['system'])?.['uptime_seconds']),
    inFlight: numberOf(http?.['in_flight']),
    routes: routesOf(mappingOf(http?.['endpoints'])),
    methods: methodsOf(mappingOf(parts['components'])),
  };
}

function routesOf(endpoints: Mapping | undefined): Reading['routes'] {
  if (endpoints === undefined) return undefined;
  return new Map(
    Object.entries(endpoints).map(([name, endpoint]) => {
      const { requests, errors, latency } = mappingOf(endpoint) ?? {};
      return [name, countsOf({ total: requests, errors, p95: mappingOf(latency)?.['p95_ms'] })];
    }),
  );
}

function methodsOf(components: Mapping | undefined): Reading['methods'] {
  if (components === undefined) return undefined;
  const all = Object.entries(components).flatMap(([component, part]) =>
    Object.entries(mappingOf(mappingOf(part)?.['methods']) ?? {}).map(([method, values]): [string, Counts] => {
      const { calls, failures, p95_ms } = mappingOf(values) ?? {};
      return [`${component}.${method}`, countsOf({ total: calls, errors: failures, p95: p95_ms })];
    }),
  );
  return new Map(all);
}

function countsOf({ total, errors, p95 }: { total: unknown; errors: unknown; p95: unknown }): Counts {
  return { total: numberOf(total) ?? 0, errors: numberOf(errors) ?? 0, p95Ms: numberOf(p95) ?? null };
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}
