/** Which rows a dashboard has, from top to bottom. */
import { CATALOGUE } from '@tsukimi/instrumentation';
import { catalogueFamilies } from '../families/catalogue-families.js';
import { mergeFamilies } from '../families/merge-families.js';
import type { MetricFamily } from '../families/metric-family.js';
import { componentsRow } from './components.js';
import { customRow } from './custom.js';
import { httpRow } from './http.js';
import { overviewRow } from './overview.js';
import type { DashboardRow } from './row.js';
import { schedulerRow } from './scheduler.js';
import { sloRow } from './slo.js';
import { systemRow } from './system.js';

/**
 * The rows for what an application exposes. Objectives only where it has some, or where no family has a series, since nothing is known of the
 * application then.
 */
export function rowsFor(families: readonly MetricFamily[]): DashboardRow[] {
  const isUnknown = families.every(({ series }) => series.length === 0);
  const builtIn = new Set(catalogueFamilies().map(({ name }) => name));
  const hasObjectives = isUnknown || families.some(({ name, series }) => name === CATALOGUE.sloEvents.name && series.length > 0);
  const custom = mergeFamilies([], families).filter(({ name }) => !builtIn.has(name));
  const rows = [
    overviewRow(),
    ...(hasObjectives ? [sloRow()] : []),
    httpRow(),
    componentsRow(),
    schedulerRow(),
    systemRow(),
    customRow(custom),
  ];
  return rows.filter(({ panels }) => panels.length > 0);
}
