/** The script that draws the dashboard's rows, and the pictures that it made. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DRAWERS, drawPanel } from '../../scripts/pictures/draw-panel.js';
import { drawRow } from '../../scripts/pictures/draw-row.js';
import { pictureOf } from '../../scripts/pictures/file-name.js';
import { layersOf } from '../../scripts/pictures/layers.js';
import { tablesOf } from '../../scripts/pictures/tables.js';
import { axisScale, formatValue } from '../../scripts/pictures/units.js';
import { type DashboardJson, queriesOf, rowsOf } from '../support/grafana/dashboard-json.js';
import { projectPath, projectText } from '../support/project.js';
import { CANNED_ROW } from './canned-row.js';
import { elementsOf } from './read-xml.js';

const DASHBOARD = JSON.parse(projectText('grafana/dashboards/tsukimi.json')) as DashboardJson;
const ROWS = rowsOf(DASHBOARD).map(({ title }) => title);
const SIZE = { width: 600, height: 300 };
const panels = Object.fromEntries(CANNED_ROW.panels.map((data) => [data.panel.type, data]));

/** Every text of a picture, in order. */
function textsOf(svg: string): string[] {
  return elementsOf(svg)
    .filter(({ name }) => name === 'text')
    .map(({ text }) => text);
}

describe('a picture of a row', () => {
  const svg = drawRow(CANNED_ROW);

  it('is well-formed, opaque, and refers to nothing outside', () => {
    const [root, , background] = elementsOf(svg);
    expect(root).toMatchObject({ name: 'svg', attributes: { width: '1200', viewBox: '0 0 1200 960' } });
    expect(background).toMatchObject({ name: 'rect', attributes: { width: '1200', height: '960', fill: '#f4f5f5' } });
    expect(svg).not.toMatch(/href=|<script|<style|NaN|undefined/);
  });

  it('has its heading and the title of every panel', () => {
    expect(textsOf(svg)).toEqual(expect.arrayContaining(['Every panel', ...CANNED_ROW.panels.map(({ panel }) => panel.title)]));
  });

  it('is the same for the same answers, but for the ids that the charting library counts on', () => {
    const withoutIds = (text: string) => text.replaceAll(/zr\d+-/g, '');
    expect(withoutIds(drawRow(CANNED_ROW))).toBe(withoutIds(svg));
  });

  it('knows every type of panel that the dashboard has', () => {
    const types = [...new Set(queriesOf(DASHBOARD).map(({ panel }) => panel.type))];
    expect(types.filter((type) => DRAWERS[type] === undefined)).toEqual([]);
    expect(Object.keys(DRAWERS).filter((type) => panels[type] === undefined)).toEqual([]);
  });

  it('fails for a type that it does not know, and names it', () => {
    const [data = raise()] = CANNED_ROW.panels;
    expect(() => drawPanel({ ...data, panel: { ...data.panel, type: 'geomap' } }, SIZE)).toThrow('"p95" is of the type geomap');
  });

  it.each(Object.keys(DRAWERS))('of the type %s can be drawn without any data', (type) => {
    const data = panels[type] ?? raise();
    const drawn = drawPanel({ ...data, results: data.results.map((result) => ({ ...result, series: [] })) }, SIZE);
    expect(textsOf(`<svg>${drawn}</svg>`)[0]).toBe(data.panel.title);
  });
});

describe('what a panel shows', () => {
  const drawn = (type: string) => textsOf(`<svg>${drawPanel(panels[type] ?? raise(), SIZE)}</svg>`);

  it('stat: the last value in its unit, in the colour of its threshold', () => {
    // 0.02 + 0.0005 * 59 = 0.0495 s, just below the threshold of 0.05.
    expect(drawn('stat')).toEqual(['p95', '49.5 ms']);
    expect(drawPanel(panels['stat'] ?? raise(), SIZE)).toMatch(/fill="#2f8f46"[^>]*>49\.5 ms/);
  });

  it('time series: an axis in the unit, and a legend with names and numbers', () => {
    const texts = drawn('timeseries');
    expect(texts).toEqual(expect.arrayContaining(['0 ms', '10 ms', '/api/orders/user/:userId', '<unmatched> & "more"', 'Mean', 'Last']));
  });

  it('time series: a legend that is too long keeps the highest lines, without those that are left out of it', () => {
    const data = panels['timeseries'] ?? raise();
    const [result] = data.results;
    const routes = Array.from({ length: 40 }, (_, index) => `/route-${String(index).padStart(2, '0')}`);
    const series = routes.map((path, place) => ({ labels: { path }, points: [[0, place === 33 ? 9 : place / 100] as const] }));
    const legend = { showLegend: true, displayMode: 'table', calcs: ['max'], sortBy: 'Max', sortDesc: true };
    const hidden = {
      matcher: { id: 'byRegexp', options: '/-39$/' },
      properties: [{ id: 'custom.hideFrom', value: { legend: true, tooltip: false, viz: false } }],
    };
    const panel = {
      ...data.panel,
      options: { legend },
      fieldConfig: { defaults: data.panel.fieldConfig?.defaults ?? {}, overrides: [hidden] },
    };
    const svg = drawPanel({ panel, results: [{ refId: result?.refId ?? 'A', legendFormat: '{{path}}', series }] }, SIZE);
    const names = textsOf(`<svg>${svg}</svg>`).filter((each) => each.startsWith('/route'));
    expect(names.length).toBeGreaterThan(1);
    expect(names.length).toBeLessThan(40);
    expect(names.slice(0, 2)).toEqual(['/route-33', '/route-38']);
  });

  it('table: the columns in order, sorted, each number in its row', () => {
    const rows = ['OrderService', 'UserService', 'Calls', '7 s', '3 s', 'Duration', '250 ms', '500 ms'];
    expect(drawn('table')).toEqual(['Calls', 'Component', ...rows]);
  });

  it('node graph: each node with its numbers, and as many arrows as edges', () => {
    expect(drawn('nodeGraph')).toEqual(['Dependencies', '1 calls/s', '0', 'UserController', '0.5 calls/s', '0', 'UserService']);
    const paths = elementsOf(`<svg>${drawPanel(panels['nodeGraph'] ?? raise(), SIZE)}</svg>`).filter(({ name }) => name === 'path');
    // A line and its head.
    expect(paths).toHaveLength(2);
  });

  it('heat map: a lane for each bucket, the lowest at the bottom', () => {
    expect(drawn('heatmap').filter((text) => !/^\d\d:\d\d$/.test(text))).toEqual(['Durations', '100 ms', '1 s', 'more']);
  });

  it('state timeline: a lane for each state', () => {
    expect(drawn('state-timeline').filter((text) => !/^\d\d:\d\d/.test(text))).toEqual(['Breaker', 'open', 'closed']);
  });
});

describe('the pieces', () => {
  it.each([
    [0, 's', '0 s'],
    [0.00095, 's', '950 µs'],
    [0.0495, 's', '49.5 ms'],
    [90, 's', '1.5 min'],
    [1.5, 'ms', '1.5 ms'],
    [0.0256, 'percentunit', '2.56%'],
    [12, 'percent', '12%'],
    [1_536, 'bytes', '1.5 KiB'],
    [1_500, 'decbytes', '1.5 kB'],
    [2_034, 'none', '2034'],
    [2_034, 'short', '2.03 k'],
    [33.24, 'reqps', '33.2 req/s'],
    [4.97, '% failed', '4.97 % failed'],
    [Number.NaN, 's', '–'],
    [Number.POSITIVE_INFINITY, 's', '∞'],
  ])('writes %d %s as %s', (value, unit, text) => {
    expect(formatValue(value, unit)).toBe(text);
  });

  it('scales an axis so that its ticks are round', () => {
    expect(axisScale(0.012, 's')).toEqual({ divisor: 1e-3, suffix: ' ms' });
    expect(axisScale(0.3, 'percentunit')).toEqual({ divisor: 0.01, suffix: '%' });
    expect(axisScale(3 * 2 ** 20, 'bytes')).toEqual({ divisor: 2 ** 20, suffix: ' MiB' });
  });

  it('lays a graph out in columns, also one with a circle', () => {
    const edges = [
      { source: 'b', target: 'c' },
      { source: 'a', target: 'c' },
      { source: 'c', target: 'd' },
      { source: 'a', target: 'd' },
    ];
    expect(layersOf(['a', 'b', 'c', 'd'], edges)).toEqual([['a', 'b'], ['c'], ['d']]);
    expect(
      layersOf(
        ['a', 'b'],
        [
          { source: 'a', target: 'b' },
          { source: 'b', target: 'a' },
        ],
      )
        .flat()
        .sort(),
    ).toEqual(['a', 'b']);
  });

  it('refuses a transformation that it does not know', () => {
    const table = panels['table'] ?? raise();
    const unknown = { ...table, panel: { ...table.panel, transformations: [{ id: 'pivot', options: {} }] } };
    expect(() => tablesOf(unknown)).toThrow('The transformation pivot is not known');
  });
});

describe('docs/images', () => {
  it.each(ROWS)('has a picture of the row %s, of a sane size', (row) => {
    const file = projectPath(pictureOf(row));
    expect(existsSync(file), `${pictureOf(row)} is missing: npm run pictures`).toBe(true);
    expect(statSync(file).size).toBeLessThan(300_000);
    const titles =
      rowsOf(DASHBOARD)
        .find(({ title }) => title === row)
        ?.panels.map(({ title }) => title) ?? [];
    // A panel that came later, or got another name, is not in it.
    expect(textsOf(projectText(pictureOf(row)))).toEqual(expect.arrayContaining([row, ...titles]));
  });

  it('has no picture of a row that is no more', () => {
    const pictures = readdirSync(projectPath('docs/images')).filter((file) => file.startsWith('dashboard-'));
    expect(pictures.sort()).toEqual(ROWS.map((row) => pictureOf(row).replace('docs/images/', '')).sort());
  });
});

function raise(): never {
  throw new Error('There is no such panel.');
}
