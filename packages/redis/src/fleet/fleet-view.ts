/** The JSON of the fleet: what was called, how often, when last, and how long it took. */
import { CATALOGUE } from '@tsukimi/instrumentation';
import { Distribution, type LabelRecord } from '@tsukimi/metrics';
import { endpointOf, methodOf } from '../delivery/parts.js';
import { labelsOf, nameOf } from '../key-text.js';
import { readCurrent } from './fleet-registry.js';
import { distributionOf } from './stored-distribution.js';
import type { TotalsReader } from './totals-reader.js';

/** An endpoint or a method of the fleet. */
export interface FleetCalls {
  readonly calls: number;
  /** Of an endpoint, responses with a status from 500; of a method, calls that threw or rejected. */
  readonly failures: number;
  /** ISO time of the end of the last call; null if there was none. */
  readonly last_called: string | null;
  /** Milliseconds, at most 2.2 % off; null if no duration was recorded. */
  readonly p50_ms: number | null;
  readonly p95_ms: number | null;
  readonly p99_ms: number | null;
}

export interface FleetView {
  readonly scope: 'fleet';
  readonly timestamp: string;
  /** ISO time of the newest values; null if there are none. */
  readonly updated: string | null;
  /** The processes that have pushed within the lifetime of gauges. */
  readonly processes: readonly string[];
  /** By method and route template: `GET /greet/:name`. */
  readonly endpoints: Readonly<Record<string, FleetCalls>>;
  /** By component and method: `UserService.find`. */
  readonly methods: Readonly<Record<string, FleetCalls>>;
}

/** The keys of endpoints or methods. */
interface Kind {
  readonly index: string;
  readonly calls: string;
  readonly failures: string;
  readonly lastCalled: string;
  readonly durations: string;
  readonly nameOf: (labels: LabelRecord) => string;
}

const ENDPOINTS: Kind = {
  index: 'endpoints',
  calls: 'endpoint_calls:',
  failures: 'endpoint_failures:',
  lastCalled: 'last_called:',
  durations: CATALOGUE.httpRequestDuration.name,
  nameOf: endpointOf,
};

const METHODS: Kind = {
  index: 'methods',
  calls: 'method_calls:',
  failures: 'method_failures:',
  lastCalled: 'method_last_called:',
  durations: CATALOGUE.componentDuration.name,
  nameOf: methodOf,
};

export async function readFleetView(totals: TotalsReader): Promise<FleetView> {
  const [updated] = await totals.values(['updated']);
  const processes = await readCurrent(totals);
  return {
    scope: 'fleet',
    timestamp: new Date().toISOString(),
    updated: updated ?? null,
    processes: processes.map(({ process }) => process).sort(),
    endpoints: await readCalls(totals, ENDPOINTS),
    methods: await readCalls(totals, METHODS),
  };
}

async function readCalls(totals: TotalsReader, kind: Kind): Promise<Record<string, FleetCalls>> {
  const names = [...(await totals.hash(kind.index)).keys()].sort();
  const values = await totals.values(
    names.flatMap((name) => [`${kind.calls}${name}`, `${kind.failures}${name}`, `${kind.lastCalled}${name}`]),
  );
  const durations = await readDurations(totals, kind);
  return Object.fromEntries(
    names.map((text, index) => {
      const [calls, failures, last] = values.slice(3 * index, 3 * index + 3);
      const name = nameOf(text);
      return [
        name,
        { calls: Number(calls ?? 0), failures: Number(failures ?? 0), last_called: last ?? null, ...percentiles(durations.get(name)) },
      ];
    }),
  );
}

/** Durations by name. Series that differ in further labels are merged. */
async function readDurations(totals: TotalsReader, { durations, nameOf: nameOfLabels }: Kind): Promise<ReadonlyMap<string, Distribution>> {
  const labels = [...(await totals.hash(`histograms:${durations}`)).keys()];
  const hashes = await totals.hashes(labels.map((each) => `histogram:${durations}:${each}`));
  const merged = new Map<string, Distribution>();
  for (const [index, fields] of hashes.entries()) {
    const name = nameOfLabels(labelsOf(labels[index] as string));
    const distribution = merged.get(name) ?? new Distribution([]);
    merged.set(name, distribution);
    distribution.merge(distributionOf(fields, []));
  }
  return merged;
}

function percentiles(distribution = new Distribution([])): Pick<FleetCalls, 'p50_ms' | 'p95_ms' | 'p99_ms'> {
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((quantile) => milliseconds(distribution.quantile(quantile)));
  return { p50_ms: p50 ?? null, p95_ms: p95 ?? null, p99_ms: p99 ?? null };
}

/** Like the times of the JSON of one process. */
function milliseconds(seconds: number): number | null {
  return Number.isFinite(seconds) ? Number((seconds * 1000).toPrecision(6)) : null;
}
