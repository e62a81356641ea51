/** The row of components and their methods: rates, durations, outcomes and dependencies. */
import { CATALOGUE } from '@tsukimi/instrumentation';
import { nodeGraph } from '../panels/node-graph.js';
import type { Thresholds } from '../panels/panel.js';
import { table } from '../panels/table.js';
import { timeSeries } from '../panels/time-series.js';
import type { HistogramQueries } from '../queries/histograms.js';
import type { HttpClientNames } from '../queries/http-client-names.js';
import { equal, increase, orZero, rate, select, shareOf, sumBy, type Window } from '../queries/promql.js';
import { COMPONENTS } from '../queries/scopes.js';
import { dependencyQueries } from './component-dependencies.js';
import { COMPONENT_FAILURE_RATE } from './panel-thresholds.js';
import type { DashboardRow } from './row.js';

const { componentCalls, componentDuration, componentFailures } = CATALOGUE;

/** Panels exist once for components and once for methods. */
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

/** @param client the names of outgoing requests; undefined if none are recorded */
export function componentsRow(histograms: HistogramQueries, client: HttpClientNames | undefined): DashboardRow {
  const panels = [COMPONENT, METHOD].flatMap((level) => [
    callsAndDurations(level, histograms),
    callRate(level),
    p95(level, histograms),
    outcomes(level),
  ]);
  return { title: 'Components', panels: [...panels, failuresByError(), dependencies(client)] };
}

function callsAndDurations({ name, by, labels }: Level, histograms: HistogramQueries) {
  const inRange = (selector: string) => sumBy(by, increase(selector, '$__range'));
  return table({
    title: `Calls and durations by ${name}`,
    description: `Every ${name} that was called in the selected time range, the busiest first. Counts are Prometheus's estimates from the scrapes. Total time is calls times mean: sort by it to find where an improvement pays most. Failures are calls that threw or rejected, even if the caller handled the error, so compare their share with the usual one.`,
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
      { title: 'Mean', expr: histograms.meanOf(durationOf(by, '$__range')), unit: 's', thresholds: DURATION_THRESHOLDS },
      { title: 'p95', expr: histograms.quantileOf(0.95, durationOf(by, '$__range')), unit: 's', thresholds: DURATION_THRESHOLDS },
      { title: 'Total time', expr: histograms.sumOf(durationOf(by, '$__range'), increase), unit: 's' },
    ],
    sortBy: 'Calls',
  });
}

function callRate({ name, by, legend }: Level) {
  return timeSeries({
    title: `Call rate by ${name}`,
    description: `Calls per second of each ${name}. If the rate rises faster than the requests, something is called in a loop, such as a query for each row of a list, or retries. A line that ends is code that is no longer called: compare with the last release.`,
    unit: 'calls/s',
    width: 8,
    queries: [{ expr: sumBy(by, rate(calls)), legend }],
  });
}

function p95({ name, by, legend }: Level, histograms: HistogramQueries) {
  return timeSeries({
    title: `p95 by ${name}`,
    description: `The 95th percentile of the duration of each ${name}, including the calls that it waits for. Compare the layers: if a service is slow and its repository is fast, the service computes; if both are slow, the repository waits for its database. Gaps are times without calls.`,
    unit: 's',
    width: 8,
    thresholds: DURATION_THRESHOLDS,
    queries: [{ expr: histograms.quantileOf(0.95, durationOf(by, '$__rate_interval')), legend }],
  });
}

function outcomes({ name, by, legend }: Level) {
  const all = sumBy(by, rate(calls));
  return timeSeries({
    title: `Success and failure by ${name}`,
    description: `Calls per second that succeeded and, in red, calls that threw or rejected; the legend lists the failures. Expected failures, such as an unknown user, count as well, so look for changes. The problem begins at the lowest component with red; the components above it only pass the error on.`,
    unit: 'calls/s',
    width: 8,
    stacked: true,
    colors: { '/ failure$/': 'red' },
    // The legend is sorted by value, so rare failures would be below all successes.
    outOfLegend: '/ success$/',
    queries: [
      { expr: sumBy(by, rate(select(componentCalls, ...COMPONENTS, equal('status', 'success')))), legend: `${legend} success` },
      { expr: orZero({ part: sumBy(by, rate(failures)), whole: all }), legend: `${legend} failure` },
    ],
  });
}

function failuresByError() {
  return timeSeries({
    title: 'Failures by error',
    description:
      'Calls per second that threw or rejected, by method and class of the error. A class that appears with a release is a new fault. The same class in several methods is one error on its way up: start with the method that is called last. "__other__" stands for the classes after the first 20 of a method, "__unseen__" for errors that Tsukimi did not look at.',
    unit: 'calls/s',
    width: 24,
    queries: [
      { expr: sumBy([...METHOD.by, 'error'], rate(select(componentFailures, ...COMPONENTS))), legend: `${METHOD.legend} {{error}}` },
    ],
  });
}

function dependencies(client: HttpClientNames | undefined) {
  const hosts = client
    ? ' The application itself points to the hosts that it calls, whose failures are those of the row "Outgoing HTTP".'
    : '';
  return nodeGraph({
    title: 'Dependencies',
    description: `The dependencies of all components, with calls per second and the share of failed calls in the selected time range. The graph ignores the selected components. Follow the red rings along the arrows: the last red component is the cause, the others are its callers. A component without calls is green.${hosts}`,
    unit: 'short',
    width: 24,
    height: 14,
    mainUnit: 'calls/s',
    shareUnit: '% failed',
    ...dependencyQueries(client),
  });
}
