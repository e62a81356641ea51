/** Which rows a dashboard has, from top to bottom. */
import { CATALOGUE } from '@tsukimi/instrumentation';
import { catalogueFamilies } from '../families/catalogue-families.js';
import { mergeFamilies } from '../families/merge-families.js';
import type { MetricFamily } from '../families/metric-family.js';
import { componentsRow } from './components.js';
import { customRow } from './custom.js';
import { databaseFamilies, databaseRow } from './database.js';
import { httpRow } from './http.js';
import { overviewRow } from './overview.js';
import type { DashboardRow } from './row.js';
import { schedulerRow } from './scheduler.js';
import { sloRow } from './slo.js';
import { systemRow } from './system.js';

/**
 * The rows for what an application exposes. Objectives and databases only where it has some; both where no family has a series,
 * since nothing is known of the application then.
 */
export function rowsFor(families: readonly MetricFamily[]): DashboardRow[] {
  const isUnknown = families.every(({ series }) => series.length === 0);
  const builtIn = [...catalogueFamilies(), ...databaseFamilies()];
  const builtInNames = new Set(builtIn.map(({ name }) => name));
  const names = new Set((isUnknown ? builtIn : families).map(({ name }) => name));
  const hasObjectives = isUnknown || families.some(({ name, series }) => name === CATALOGUE.sloEvents.name && series.length > 0);
  const custom = mergeFamilies([], families).filter(({ name }) => !builtInNames.has(name));
  const rows = [
    overviewRow(),
    ...(hasObjectives ? [sloRow()] : []),
    httpRow(),
    componentsRow(),
    schedulerRow(),
    databaseRow(names),
    systemRow(),
    customRow(custom),
  ];
  return rows.filter(({ panels }) => panels.length > 0);
}
