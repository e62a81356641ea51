/** Chooses the rows of a dashboard, from top to bottom. */
import { CATALOGUE } from '@tsukimi/instrumentation';
import { catalogueFamilies } from '../families/catalogue-families.js';
import { mergeFamilies } from '../families/merge-families.js';
import type { MetricFamily } from '../families/metric-family.js';
import { POSTGRES_METRICS } from '../families/postgres-catalogue.js';
import type { HistogramQueries } from '../queries/histograms.js';
import { type HttpNames, hasOpenTelemetryName } from '../queries/http-names.js';
import { componentsRow } from './components.js';
import { customRow } from './custom.js';
import { healthRow } from './health.js';
import { httpRow } from './http.js';
import { httpClientRow } from './http-client.js';
import { overviewRow } from './overview.js';
import { postgresRow } from './postgres.js';
import type { DashboardRow } from './row.js';
import { schedulerRow } from './scheduler.js';
import { sloRow } from './slo.js';
import { systemRow } from './system.js';
import { workersRow } from './workers.js';

/** What the rows ask. */
export interface RowQueries {
  readonly names: HttpNames;
  readonly histograms: HistogramQueries;
}

/**
 * Returns the rows for the families of an application. The rows of objectives, of health checks and of workers are included if there are some, and the panels of body sizes and of
 * outgoing requests if those are recorded; all of them also if no family has a series, because then nothing is known about the application. The row of PostgreSQL and the panel of
 * exporters are included if their metrics are among the families, the latter also if there are no families.
 */
export function rowsFor(families: readonly MetricFamily[], { names, histograms }: RowQueries): DashboardRow[] {
  const isUnknown = families.every(({ series }) => series.length === 0);
  const builtIn = new Set<string>([...catalogueFamilies(), ...Object.values(POSTGRES_METRICS)].map(({ name }) => name));
  const exposes = (metric: string) => families.some(({ name }) => name === metric);
  const isRecorded = (metric: string) => isUnknown || families.some(({ name, series }) => name === metric && series.length > 0);
  const custom = mergeFamilies([], families).filter(({ name }) => !builtIn.has(name) && !hasOpenTelemetryName(name));
  const callsHosts = isRecorded(names.client.requests.name);
  const rows = [
    overviewRow(names, histograms),
    ...(isRecorded(CATALOGUE.sloEvents.name) ? [sloRow()] : []),
    httpRow(names, histograms, isRecorded(CATALOGUE.httpResponseSize.name)),
    ...(callsHosts ? [httpClientRow(names.client, histograms)] : []),
    componentsRow(histograms, callsHosts ? names.client : undefined),
    schedulerRow(histograms, families.length === 0 || exposes(CATALOGUE.taskLeaseHeld.name)),
    ...(isRecorded(CATALOGUE.healthCheckUp.name) ? [healthRow(histograms)] : []),
    ...(exposes(POSTGRES_METRICS.queryDuration.name) ? [postgresRow(histograms)] : []),
    ...(isRecorded(CATALOGUE.workerUp.name) ? [workersRow()] : []),
    systemRow(histograms, families.length === 0 || exposes(CATALOGUE.exporterUp.name)),
    customRow(custom, histograms),
  ];
  return rows.filter(({ panels }) => panels.length > 0);
}
