/** Queries under the name of OpenTelemetry, whatever package measures the database. */
import { type Distribution, type MetricsRegistry, secondsBetween } from '@tsukimi/metrics';
import { OPENTELEMETRY_CATALOGUE } from '../catalogue.js';
import { Kept, reporting } from '../kept-series.js';
import { ownDistribution } from '../own-counts.js';
import type { DatabaseClientCall } from './client-call.js';
import { clientCallsOf } from './client-calls.js';

const recording = new WeakSet<MetricsRegistry>();

/** Records the queries that are told of in a registry. Once for each registry; the metric exists from the first query on. */
export function recordDatabaseDurations(registry: MetricsRegistry): void {
  if (recording.has(registry)) return;
  recording.add(registry);
  const durations = new DatabaseDurations(registry);
  clientCallsOf(registry).observe({
    began(call, { elapsedSeconds = 0 }) {
      if (call.kind !== 'database') return undefined;
      const start = registry.clock();
      return { ended: ({ failure = '' }) => durations.record(call, failure, elapsedSeconds + secondsBetween(start, registry.clock())) };
    },
  });
}

class DatabaseDurations {
  /** By system and operation, then by failure. */
  readonly #series = new Map<string, Map<string, Kept<Distribution>>>();

  constructor(private readonly registry: MetricsRegistry) {}

  record({ system, operation }: DatabaseClientCall, failure: string, seconds: number): void {
    const key = `${system} ${operation}`;
    let byFailure = this.#series.get(key);
    if (byFailure === undefined) {
      byFailure = new Map();
      this.#series.set(key, byFailure);
    }
    let series = byFailure.get(failure);
    if (series === undefined) {
      const labels = { db_system_name: system, db_operation_name: operation, error_type: failure };
      series = this.#open(labels);
      if (series !== undefined) byFailure.set(failure, series);
    }
    series?.now?.record(seconds);
  }

  #open(labels: Readonly<Record<'db_system_name' | 'db_operation_name' | 'error_type', string>>): Kept<Distribution> | undefined {
    const { registry } = this;
    const { dbClientOperationDuration: metric } = OPENTELEMETRY_CATALOGUE;
    return reporting(registry, () => new Kept(registry, (holder) => ownDistribution(registry.histogram(metric).labels(labels), holder)));
  }
}
