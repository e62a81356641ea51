/** The cases of every area, by the name of its file. */
import type { AlertCase, RecordingCase } from '../support/promtool.js';
import * as components from './components.cases.js';
import * as http from './http.cases.js';
import * as metrics from './metrics.cases.js';
import * as process from './process.cases.js';
import * as scheduler from './scheduler.cases.js';
import * as scrape from './scrape.cases.js';
import * as slo from './slo.cases.js';

interface AreaCases {
  readonly alerts: readonly AlertCase[];
  readonly recordings: readonly RecordingCase[];
}

export const areas: readonly (readonly [string, AreaCases])[] = Object.entries({
  http,
  components,
  scheduler,
  slo,
  process,
  scrape,
  metrics,
});

export const alerts = areas.flatMap(([, cases]) => cases.alerts);
export const recordings = areas.flatMap(([, cases]) => cases.recordings);
