/** What stands in for Grafana in the tests: variables put into queries, and the selectors of an expression. */
import { describe, expect, it } from 'vitest';
import { type DashboardJson, queriesOf } from './support/grafana/dashboard-json.js';
import { interpolate } from './support/grafana/interpolation.js';
import { selectorsOf } from './support/grafana/promql-selectors.js';
import { problemOf } from './support/grafana/run-query.js';

const WINDOW = { fromSeconds: 1_000, toSeconds: 1_600, stepSeconds: 3, scrapeIntervalSeconds: 1 };

describe('interpolation', () => {
  it.each([
    ['rate(x[$__rate_interval])', 'rate(x[4s])'],
    ['rate(x[${__rate_interval}])', 'rate(x[4s])'],
    ['increase(x[$__range]) / $__range_s', 'increase(x[600s]) / 600'],
    ['avg_over_time(x[$__interval]) + $__interval_ms', 'avg_over_time(x[3s]) + 3000'],
    ['x{job="$job"}', 'x{job="demo"}'],
    ['x{instance=~"$instance"}', 'x{instance=~"(127\\\\.0\\\\.0\\\\.1:1|b)"}'],
    ['x{path=~"${path:regex}"}', 'x{path=~".*"}'],
    ['x{path=~"[[path]]"}', 'x{path=~".*"}'],
    ['x{instance="${instance:raw}"}', 'x{instance="127.0.0.1:1,b"}'],
    ['label_replace(x, "id", "$1", "a", "(.+)")', 'label_replace(x, "id", "$1", "a", "(.+)")'],
  ])('makes %s to %s', (expression, query) => {
    const choices = { job: { values: ['demo'] }, instance: { values: ['127.0.0.1:1', 'b'] }, path: { expression: '.*' } };
    expect(interpolate(expression, choices, WINDOW)).toBe(query);
  });

  it('takes the step where four scrapes are less', () => {
    expect(interpolate('x[$__rate_interval]', {}, { ...WINDOW, stepSeconds: 30 })).toBe('x[31s]');
  });

  it('refuses a variable that the dashboard does not have', () => {
    expect(() => interpolate('x{job="$jbo"}', { job: { values: ['a'] } }, WINDOW)).toThrow('The variable $jbo is not defined');
  });
});

describe('selectors', () => {
  it.each([
    ['up == 0', ['up']],
    ['sum by (job, path) (rate(http_requests_total{status=~"5..",path!="}"}[5m])) > 0.5', ['http_requests_total{status=~"5..",path!="}"}']],
    ['a:b:c{x="y"} / on (job) group_left (d) e unless on (job) f offset 5m', ['a:b:c{x="y"}', 'e', 'f']],
    ['histogram_quantile(0.95, sum(rate(h_bucket[1h])) without (path))', ['h_bucket']],
    ['{__name__="x"} > bool 1e3 and time() - y > 300', ['{__name__="x"}', 'y']],
    ['x + x # z\n+ inf', ['x']],
    ['label_replace(x, "to", "$1", "from", "(.+)")', ['x']],
  ])('of %s', (expression, selectors) => {
    expect(selectorsOf(expression)).toEqual(selectors);
  });
});

it('tells an answer that shows nothing', () => {
  const one = (value: number) => [{ labels: {}, points: [[1, value] as const] }];
  expect([[], [{ labels: {}, points: [] }], one(Number.NaN), one(0), [...one(Number.NaN), ...one(1)]].map(problemOf)).toEqual([
    'no data',
    'no data',
    'nothing but NaN',
    undefined,
    undefined,
  ]);
});

it('finds the queries of rows that are open and of rows that are shut', () => {
  const gridPos = { x: 0, y: 0, w: 1, h: 1 };
  const panel = (id: number, title: string) => ({ id, type: 'stat', title, gridPos, targets: [{ refId: 'A', expr: title }] });
  const row = { id: 1, type: 'row', title: 'open', gridPos };
  const shut = { ...row, id: 2, title: 'shut', panels: [panel(5, 'c')] };
  const dashboard: DashboardJson = {
    title: 'All',
    uid: 'all',
    panels: [panel(3, 'a'), row, panel(4, 'b'), shut],
    templating: { list: [] },
  };
  expect(queriesOf(dashboard).map((query) => [query.row, query.panel.title, query.target.expr])).toEqual([
    ['All', 'a', 'a'],
    ['open', 'b', 'b'],
    ['shut', 'c', 'c'],
  ]);
});
