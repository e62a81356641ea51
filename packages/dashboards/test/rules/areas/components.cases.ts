/** Calls of the component `OrderService` in the job `shop`, so many a minute. */
import type { AlertCase, RecordingCase, SeriesValues } from '../support/promtool.js';

const calls = (status: string, perMinute: number, method = 'create'): SeriesValues => ({
  [`component_calls_total{job="shop", instance="a", component="OrderService", method="${method}", status="${status}"}`]: `0+${perMinute}x60`,
});

function durations(byBound: Readonly<Record<string, number>>): SeriesValues {
  return Object.fromEntries(
    Object.entries(byBound).map(([bound, perMinute]) => [
      `component_duration_seconds_bucket{job="shop", instance="a", component="OrderService", method="create", le="${bound}"}`,
      `0+${perMinute}x60`,
    ]),
  );
}

const CREATE = '{job="shop", component="OrderService", method="create"}';
const SERVICE = '{job="shop", component="OrderService"}';

export const recordings: readonly RecordingCase[] = [
  {
    record: 'job_component_method:component_calls:rate5m',
    why: '(180 + 60) / 60 s',
    series: { ...calls('success', 180), ...calls('failure', 60) },
    at: '10m',
    gives: { [CREATE]: 4 },
  },
  {
    record: 'job_component:component_calls:rate5m',
    why: '(180 + 60) / 60 s over two methods',
    series: { ...calls('success', 180), ...calls('success', 60, 'all') },
    at: '10m',
    gives: { [SERVICE]: 4 },
  },
  {
    record: 'job_component_method:component_calls:failure_ratio_rate5m',
    why: '60 of 240, and 0 where nothing failed',
    series: { ...calls('success', 180), ...calls('failure', 60), ...calls('success', 60, 'all') },
    at: '10m',
    gives: { [CREATE]: 0.25, '{job="shop", component="OrderService", method="all"}': 0 },
  },
  {
    record: 'job_component:component_calls:failure_ratio_rate5m',
    why: '60 of 240 over two methods',
    series: { ...calls('success', 180), ...calls('failure', 60, 'all') },
    at: '10m',
    gives: { [SERVICE]: 0.25 },
  },
  ...[
    ['job_component_method', CREATE],
    ['job_component', SERVICE],
  ].flatMap(([level = '', labels = '']): RecordingCase[] => [
    {
      record: `${level}:component_duration_seconds:p95_rate5m`,
      why: '93 of 100 are below 1 s, 97 below 2.5 s: the 95th is half way',
      series: durations({ 1: 93 * 60, 2.5: 97 * 60, '+Inf': 100 * 60 }),
      at: '10m',
      gives: { [labels]: 1.75 },
    },
    {
      record: `${level}:component_duration_seconds:p99_rate5m`,
      why: '98 of 100 are below 1 s, all below 2.5 s: the 99th is half way',
      series: durations({ 1: 98 * 60, 2.5: 100 * 60, '+Inf': 100 * 60 }),
      at: '10m',
      gives: { [labels]: 1.75 },
    },
  ]),
];

export const alerts: readonly AlertCase[] = [
  {
    alert: 'ComponentFailuresHigh',
    why: '60 of 100',
    series: { ...calls('success', 2400), ...calls('failure', 3600) },
    at: '15m',
    fires: {
      labels: { severity: 'ticket', job: 'shop', component: 'OrderService', method: 'create' },
      summary: 'OrderService.create of shop fails',
      description:
        '60% of the calls of OrderService.create threw or rejected in the last 5 minutes (allowed: 50%). First look for its errors in the log, then check its dependencies in the dependency graph: another method may be the cause.',
    },
  },
  {
    alert: 'ComponentFailuresHigh',
    why: '501 of 1000: just above',
    series: { ...calls('success', 499 * 6), ...calls('failure', 501 * 6) },
    at: '15m',
    fires: true,
  },
  {
    alert: 'ComponentFailuresHigh',
    why: '50 of 100 are allowed',
    series: { ...calls('success', 3000), ...calls('failure', 3000) },
    at: '15m',
    fires: false,
  },
  { alert: 'ComponentFailuresHigh', why: '29 calls in 5 minutes are too few', series: calls('failure', 5.8), at: '20m', fires: false },
  { alert: 'ComponentFailuresHigh', why: '30 are enough', series: calls('failure', 6), at: '20m', fires: true },
];
