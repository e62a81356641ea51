/** The application's components and their methods: how often, how long, how they end, and what depends on what. */
import { CATALOGUE } from '@tsukimi/instrumentation';
import { nodeGraph } from '../panels/node-graph.js';
import type { Thresholds } from '../panels/panel.js';
import { table } from '../panels/table.js';
import { timeSeries } from '../panels/time-series.js';
import { equal, increase, meanOf, orZero, quantileOf, rate, select, shareOf, sumBy, type Window } from '../queries/promql.js';
import { COMPONENTS } from '../queries/scopes.js';
import { dependencyQueries } from './component-dependencies.js';
import type { DashboardRow } from './row.js';
import { COMPONENT_FAILURE_RATE } from './thresholds.js';

const { componentCalls, componentDuration } = CATALOGUE;

/** Panels come once for components and once for their methods. */
interface Level {
  readonly name: 'component' | 'method';
  readonly by: readonly string[];
  readonly legend: string;
  readonly labels: Readonly<Record<string, string>>;
}

const COMPONENT: Level = { name: 'component', by: ['component'], legend: '{{component}}', labels: { component: 'Component' } };
const METHOD: Level = {
  name: 'method',
  by: ['component', 'method'],
  legend: '{{component}}.{{method}}',
  labels: { component: 'Component', method: 'Method' },
};

const calls = select(componentCalls, ...COMPONENTS);
const failures = select(componentCalls, ...COMPONENTS, equal('status', 'failure'));
const durationOf = (by: readonly string[], window: Window) => ({ metric: componentDuration, matchers: COMPONENTS, by, window });

const DURATION_THRESHOLDS: Thresholds = { warning: 0.5, critical: 1 };

export function componentsRow(): DashboardRow {
  const panels = [COMPONENT, METHOD].flatMap((level) => [callsAndDurations(level), callRate(level), p95(level), outcomes(level)]);
  return { title: 'Components', panels: [...panels, dependencies()] };
}

function callsAndDurations({ name, by, labels }: Level) {
  const inRange = (selector: string) => sumBy(by, increase(selector, '$__range'));
  return table({
    title: `Calls and durations by ${name}`,
    description: `Every ${name} that was called in the time range above, the busiest first; counts are Prometheus's estimates from the scrapes. Total time is calls times mean: the first in that column is where a change pays most. Failures are calls that threw or rejected, also where the caller handled it: look whether the share is the usual one.`,
    unit: 'none',
    width: 24,
    height: name === 'method' ? 10 : 8,
    labels,
    columns: [
      { title: 'Calls', expr: inRange(calls), decimals: 0 },
      {
        title: 'Failed',
        expr: shareOf({ part: inRange(failures), whole: inRange(calls) }),
        unit: 'percentunit',
        thresholds: COMPONENT_FAILURE_RATE,
      },
      { title: 'Mean', expr: meanOf(durationOf(by, '$__range')), unit: 's', thresholds: DURATION_THRESHOLDS },
      { title: 'p95', expr: quantileOf(0.95, durationOf(by, '$__range')), unit: 's', thresholds: DURATION_THRESHOLDS },
      { title: 'Total time', expr: inRange(select({ name: `${componentDuration.name}_sum` }, ...COMPONENTS)), unit: 's' },
    ],
    sortBy: 'Calls',
  });
}

function callRate({ name, by, legend }: Level) {
  return timeSeries({
    title: `Call rate by ${name}`,
    description: `Calls per second of each ${name}. If it rises faster than the requests do, something is called in a loop: a query for each row of a list, or retries. A line that ends is code that nobody reaches any more: compare with the last release.`,
    unit: 'calls/s',
    width: 8,
    queries: [{ expr: sumBy(by, rate(calls)), legend }],
  });
}

function p95({ name, by, legend }: Level) {
  return timeSeries({
    title: `p95 by ${name}`,
    description: `What 95 of 100 calls of each ${name} stay below, the time of the calls that it waits for included. Follow it downwards: a slow service over a fast repository computes; both slow means that the repository waits for its database. Gaps are times without calls.`,
    unit: 's',
    width: 8,
    thresholds: DURATION_THRESHOLDS,
    queries: [{ expr: quantileOf(0.95, durationOf(by, '$__rate_interval')), legend }],
  });
}

function outcomes({ name, by, legend }: Level) {
  const all = sumBy(by, rate(calls));
  return timeSeries({
    title: `Success and failure by ${name}`,
    description: `Calls per second that returned, and in red those that threw or rejected. A failure that was expected (an unknown user) counts as well: what matters is a change. The lowest component with red is where the trouble begins; those above it only pass it on.`,
    unit: 'calls/s',
    width: 8,
    stacked: true,
    colors: { '/ failure$/': 'red' },
    queries: [
      { expr: sumBy(by, rate(select(componentCalls, ...COMPONENTS, equal('status', 'success')))), legend: `${legend} success` },
      { expr: orZero({ part: sumBy(by, rate(failures)), whole: all }), legend: `${legend} failure` },
    ],
  });
}

function dependencies() {
  return nodeGraph({
    title: 'Dependencies',
    description:
      'What each component is constructed with, with its calls per second and the share that failed in the time range above; all components, whatever is picked above. Follow the red rings along the arrows: the last red one is the cause, the others are its callers. A component without calls is green.',
    unit: 'short',
    width: 24,
    height: 14,
    mainUnit: 'calls/s',
    shareUnit: '% failed',
    ...dependencyQueries(),
  });
}
