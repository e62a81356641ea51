/** A row with a panel of every type that is drawn, and answers as Prometheus would give them. */

import type { RowData } from '../../scripts/pictures/draw-row.js';
import type { PanelData, TargetResult } from '../../scripts/pictures/fields.js';
import type { PanelJson } from '../support/grafana/dashboard-json.js';
import type { QueriedSeries } from '../support/grafana/run-query.js';

const START = 1_700_000_000;

function curve(labels: QueriedSeries['labels'], valueAt: (index: number) => number): QueriedSeries {
  return { labels, points: Array.from({ length: 60 }, (_, index) => [START + index * 3, valueAt(index)] as const) };
}

function instant(labels: QueriedSeries['labels'], value: number): QueriedSeries {
  return { labels, points: [[START, value]] };
}

function panel(id: number, changes: Partial<PanelJson> & Pick<PanelJson, 'type' | 'title' | 'gridPos'>): PanelJson {
  const steps = [
    { value: null, color: 'green' },
    { value: 0.05, color: 'red' },
  ];
  return { id, fieldConfig: { defaults: { unit: 's', thresholds: { mode: 'absolute', steps } }, overrides: [] }, ...changes };
}

const result = (refId: string, series: readonly QueriedSeries[], legendFormat = '{{path}}'): TargetResult => ({
  refId,
  legendFormat,
  series,
});

const LEGEND = { legend: { showLegend: true, displayMode: 'table', calcs: ['mean', 'lastNotNull'] } };
const ROUTES = ['/api/users', '/api/orders/user/:userId', '<unmatched> & "more"'];

const STAT: PanelData = {
  panel: panel(1, { type: 'stat', title: 'p95', gridPos: { x: 0, y: 0, w: 6, h: 4 }, options: { graphMode: 'area' } }),
  results: [result('A', [curve({}, (index) => 0.02 + 0.0005 * index)])],
};

const TIME_SERIES: PanelData = {
  panel: panel(2, { type: 'timeseries', title: 'Response time', gridPos: { x: 6, y: 0, w: 18, h: 8 }, options: LEGEND }),
  results: [
    result(
      'A',
      ROUTES.map((path, place) => curve({ path }, (index) => 0.01 * (place + 1) + 0.005 * Math.sin(index / 9))),
    ),
  ],
};

const TABLE: PanelData = {
  panel: panel(3, {
    type: 'table',
    title: 'Calls',
    gridPos: { x: 0, y: 8, w: 12, h: 8 },
    options: { sortBy: [{ displayName: 'Calls', desc: true }] },
    transformations: [
      { id: 'merge', options: {} },
      {
        id: 'organize',
        options: {
          excludeByName: { Time: true },
          indexByName: { component: 0, 'Value #A': 1, 'Value #B': 2 },
          renameByName: { component: 'Component', 'Value #A': 'Calls', 'Value #B': 'Duration' },
        },
      },
    ],
  }),
  results: [
    result('A', [instant({ component: 'UserService' }, 3), instant({ component: 'OrderService' }, 7)]),
    result('B', [instant({ component: 'OrderService' }, 0.25), instant({ component: 'UserService' }, 0.5)]),
  ],
};

const times = (alias: string, right: string) => ({
  id: 'calculateField',
  options: { alias, binary: { left: { matcher: { id: 'byName', options: 'Value #nodes' } }, operator: '*', right: { fixed: right } } },
});

const NODE_GRAPH: PanelData = {
  panel: panel(4, {
    type: 'nodeGraph',
    title: 'Dependencies',
    gridPos: { x: 12, y: 8, w: 12, h: 8 },
    transformations: [times('mainstat', '1'), times('secondarystat', '0'), times('arc__ok', '1')],
    options: { nodes: { mainStatUnit: 'calls/s', arcs: [{ field: 'arc__ok', color: 'green' }] } },
  }),
  results: [
    result('nodes', [instant({ id: 'a', title: 'UserController' }, 1), instant({ id: 'b', title: 'UserService' }, 0.5)]),
    result('edges', [instant({ id: 'a-b', source: 'a', target: 'b' }, 1)]),
  ],
};

const HEAT_MAP: PanelData = {
  panel: panel(5, { type: 'heatmap', title: 'Durations', gridPos: { x: 0, y: 16, w: 12, h: 8 }, options: { yAxis: { unit: 's' } } }),
  results: [result('A', [curve({ le: '+Inf' }, () => 9), curve({ le: '0.1' }, (index) => index / 10), curve({ le: '1' }, () => 8)])],
};

const MAPPINGS = [{ type: 'value', options: { '0': { text: 'no', color: 'transparent' }, '1': { text: 'yes', color: 'green' } } }];

const STATE_TIMELINE: PanelData = {
  panel: panel(6, {
    type: 'state-timeline',
    title: 'Breaker',
    gridPos: { x: 12, y: 16, w: 12, h: 8 },
    fieldConfig: { defaults: { mappings: MAPPINGS }, overrides: [] },
  }),
  results: [result('A', [curve({ path: 'open' }, (index) => (index > 20 && index < 40 ? 1 : 0)), curve({ path: 'closed' }, () => 1)])],
};

export const CANNED_ROW: RowData = { title: 'Every panel', panels: [STAT, TIME_SERIES, TABLE, NODE_GRAPH, HEAT_MAP, STATE_TIMELINE] };
