/** What holds for every dashboard: ids, grid, data source, queries, variables, words. */
import type { Dashboard, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import {
  buildDashboard,
  catalogueFamilies,
  DEFAULT_THRESHOLDS,
  dashboardJson,
  type MetricFamily,
  type MetricFamilyType,
} from '@tsukimi/dashboards';
import { CATALOGUE } from '@tsukimi/instrumentation';
import { describe, expect, test } from 'vitest';
import { isRow, panelsOf, targetsOf } from '../support/panels.js';

const KINDS: readonly MetricFamilyType[] = ['counter', 'gauge', 'histogram', 'summary', 'info', 'stateset'];
const ofEachKind: MetricFamily[] = KINDS.flatMap((type) =>
  [[], ['shop', 'kind']].map((labelNames) => ({ name: `my_${type}_${labelNames.length}`, type, help: 'Mine.', labelNames, series: [] })),
);

const dashboards: readonly (readonly [string, Dashboard])[] = [
  ['built in', buildDashboard()],
  ['with metrics of every kind', buildDashboard({ families: ofEachKind, uid: 'mine', title: 'Mine' })],
  ['with one metric', buildDashboard({ families: ofEachKind.slice(0, 1) })],
];

describe.each(dashboards)('the dashboard %s', (_, dashboard) => {
  const all = dashboard.panels ?? [];
  const panels = panelsOf(dashboard);

  test('has panels with ids of their own', () => {
    const ids = all.map(({ id }) => id);
    expect(ids).toEqual(ids.map((__, index) => index + 1));
  });

  test('has panels with titles of their own', () => {
    const titles = panels.map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
    expect(titles.every((title) => (title ?? '').length > 1)).toBe(true);
  });

  test('has a grid of 24 columns without overlaps and without holes above a panel', () => {
    const taken = new Set<string>();
    for (const { gridPos, title } of all) {
      expect(gridPos, title).toBeDefined();
      const { x, y, w, h } = gridPos as NonNullable<Panel['gridPos']>;
      expect(x >= 0 && x + w <= 24 && w > 0 && h > 0, title).toBe(true);
      for (let column = x; column < x + w; column++) {
        for (let line = y; line < y + h; line++) {
          expect(taken.has(`${column} ${line}`), title).toBe(false);
          taken.add(`${column} ${line}`);
        }
      }
    }
    const bottom = Math.max(...all.map(({ gridPos }) => (gridPos?.y ?? 0) + (gridPos?.h ?? 0)));
    for (let line = 0; line < bottom; line++) expect(taken.has(`0 ${line}`), `line ${line}`).toBe(true);
  });

  test('has rows that are open, none of them empty', () => {
    for (const [index, panel] of all.entries()) {
      if (!isRow(panel)) continue;
      expect(panel).toMatchObject({ collapsed: false, panels: [], gridPos: { x: 0, w: 24, h: 1 } });
      expect(all[index + 1]?.type, panel.title).not.toBe('row');
      expect(all[index + 1], panel.title).toBeDefined();
    }
  });

  test('names its data source by a variable only', () => {
    for (const panel of panels) {
      expect(panel.datasource, panel.title).toEqual({ type: 'prometheus', uid: '${datasource}' });
      for (const target of targetsOf(panel)) expect(target.datasource, panel.title).toEqual(panel.datasource);
    }
    for (const { type, datasource } of dashboard.templating.list ?? [])
      if (type === 'query') expect(datasource).toEqual({ type: 'prometheus', uid: '${datasource}' });
  });

  test('has queries with names of their own in each panel, and each is one query', () => {
    for (const panel of panels) {
      const targets = targetsOf(panel);
      expect(targets.length, panel.title).toBeGreaterThan(0);
      expect(new Set(targets.map(({ refId }) => refId)).size, panel.title).toBe(targets.length);
      for (const { expr, range, instant } of targets) {
        expect(expr.trim(), panel.title).not.toBe('');
        expect(range !== instant, panel.title).toBe(true);
      }
    }
  });

  test('uses every variable that it has, and no other', () => {
    const names = (dashboard.templating.list ?? []).map(({ name }) => name);
    expect(names).toEqual(['datasource', 'job', 'instance', 'component', 'path']);
    const given = new Set([...names, '__rate_interval', '__range', '__auto', '1']);
    const used = new Set([...dashboardJson(dashboard).matchAll(/\$\{?(\w+)/g)].map(([, name]) => name as string));
    used.delete('__all');
    expect([...used].filter((name) => !given.has(name))).toEqual([]);
    expect(names.filter((name) => !used.has(name))).toEqual([]);
  });

  test('picks the application in every selector', () => {
    for (const panel of panels) {
      for (const { expr } of targetsOf(panel)) {
        for (const [, matchers = ''] of expr.replaceAll(/"[^"]*"/g, '""').matchAll(/\{([^}]*)\}/g))
          expect(matchers, `${panel.title}: ${expr}`).toMatch(/^job=~"", instance=~""/);
      }
    }
  });

  test('says of each panel what to do when it looks wrong, in what unit, from where on', () => {
    for (const { title, description = '', fieldConfig } of panels) {
      expect(description.length, title).toBeGreaterThan(120);
      expect(description, title).toMatch(/\b(if|when|where|above|below|near|sort|compare|follow|find|look|see|pick|read)\b/i);
      expect(description, title).toMatch(/\.$/);
      expect(fieldConfig?.defaults.unit, title).toMatch(/./);
      const steps = fieldConfig?.defaults.thresholds?.steps ?? [];
      expect(steps[0]?.value, title).toBeNull();
      const values = steps.slice(1).map(({ value }) => value as number);
      expect(values, title).toEqual([...values].sort((left, right) => left - right));
    }
  });

  test('is the same after a round through JSON', () => {
    const text = dashboardJson(dashboard);
    const read: Dashboard = JSON.parse(text);
    expect(read).toEqual(JSON.parse(JSON.stringify(dashboard)));
    expect(dashboardJson(read)).toBe(text);
    expect(text.endsWith('}\n')).toBe(true);
    expect(text).not.toMatch(/undefined|\[object|NaN[^"]*"expr/);
  });
});

test('every metric of the catalogue is in a panel', () => {
  const text = panelsOf(buildDashboard())
    .flatMap(targetsOf)
    .map(({ expr }) => expr)
    .join('\n');
  for (const { name } of Object.values(CATALOGUE)) expect(text, name).toMatch(new RegExp(`\\b${name}(?:_bucket|_sum|_count)?\\{`));
});

test('the same metrics in another order make the same dashboard', () => {
  const families = [...catalogueFamilies(), ...ofEachKind];
  expect(dashboardJson(buildDashboard({ families: [...families].reverse() }))).toBe(dashboardJson(buildDashboard({ families })));
});

test.each([
  ['Error rate', DEFAULT_THRESHOLDS.httpFailureRatio],
  ['Error rate by route', DEFAULT_THRESHOLDS.httpRouteFailureRatio],
  ['p95', DEFAULT_THRESHOLDS.httpP95Seconds],
  ['Requests in flight', DEFAULT_THRESHOLDS.requestsInFlight],
  ['Duration', DEFAULT_THRESHOLDS.taskRunSeconds],
  ['CPU', DEFAULT_THRESHOLDS.cpuCores * 100],
  ['Memory (heap)', DEFAULT_THRESHOLDS.heapLimitBytes * DEFAULT_THRESHOLDS.heapUsedRatio],
  ['Event-loop utilization', DEFAULT_THRESHOLDS.eventLoopUtilizationRatio],
  ['Event-loop lag', DEFAULT_THRESHOLDS.eventLoopLagP99Seconds],
])('%s is red from where its alert fires', (title, value) => {
  const panel = panelsOf(buildDashboard()).find((each) => each.title === title);
  expect(panel?.fieldConfig?.defaults.thresholds?.steps.find(({ color }) => color === 'red')?.value).toBe(value);
});

test.each(['component', 'method'])('a %s of which half fails is red, as its alert has it', (level) => {
  const panel = panelsOf(buildDashboard()).find(({ title }) => title === `Calls and durations by ${level}`);
  expect(JSON.stringify(panel?.fieldConfig?.overrides)).toContain(`{"value":${DEFAULT_THRESHOLDS.componentFailureRatio},"color":"red"}`);
});
