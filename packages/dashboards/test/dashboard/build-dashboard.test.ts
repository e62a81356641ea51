/** Which rows and panels there are for which metrics, and what they ask. */
import {
  buildDashboard,
  buildRules,
  catalogueFamilies,
  type DashboardOptions,
  type MetricFamily,
  readExposition,
} from '@tsukimi/dashboards';
import { describe, expect, test } from 'vitest';
import { outlineOf, panelsOf, queriesOf } from '../support/panels.js';
import { thrownBy } from '../support/thrown-by.js';

const BUILT_IN_ROWS = ['Overview', 'Service level objectives', 'HTTP by route', 'Components', 'Scheduler', 'Health', 'Workers', 'System'];

const panelOf = (dashboard: ReturnType<typeof buildDashboard>, title: string) => panelsOf(dashboard).find((panel) => panel.title === title);

describe('the built-in dashboard', () => {
  const dashboard = buildDashboard();

  test('of many lines the legend has those first, or only those, that fail', () => {
    for (const title of ['Error rate by route', 'Failures', 'p95 by route'])
      expect(panelOf(dashboard, title)?.options).toMatchObject({ legend: { displayMode: 'table', sortBy: 'Max', sortDesc: true } });
    for (const title of ['Success and failure by component', 'Success and failure by method']) {
      const hidden = { id: 'custom.hideFrom', value: { legend: true, tooltip: false, viz: false } };
      expect(panelOf(dashboard, title)?.fieldConfig?.overrides).toContainEqual({
        matcher: { id: 'byRegexp', options: '/ success$/' },
        properties: [hidden],
      });
    }
  });

  test('reads streams in panels of their own only: they are in no latency and not in flight', () => {
    const titles = panelsOf(dashboard).filter(({ title = '' }) => queriesOf(dashboard, title).some((expr) => /_stream/.test(expr)));
    expect(titles.map(({ title }) => title)).toEqual(['Open streams', 'Length of streams']);
    const rules = buildRules({ families: catalogueFamilies() }).map(({ text }) => text);
    expect(rules.filter((text) => /http_stream/.test(text))).toEqual([]);
    expect(queriesOf(dashboard, 'Requests in flight')).toEqual(['http_requests_in_flight{job=~"$job", instance=~"$instance"}']);
  });

  test('has the rows and panels that the guide shows', () => {
    expect(outlineOf(dashboard)).toEqual({
      Overview: ['Total requests', 'Requests per second', 'Average response time', 'Error rate', 'p95', 'p99'],
      'Service level objectives': ['Objectives in this time range', 'Error budget left over 6 hours', 'Burn rate'],
      'HTTP by route': [
        'Routes in this time range',
        'Response time by route',
        'Request rate by route',
        'Percentiles over time',
        'p95 by route',
        'Error rate by route',
        'Status codes',
        'Requests in flight',
        'Open streams',
        'Length of streams',
        'Body bytes per second',
        'p95 of response sizes by route',
      ],
      'Outgoing HTTP': [
        'Called hosts in this time range',
        'Outgoing requests by host',
        'Failed outgoing requests by host',
        'Duration of outgoing requests (p95)',
        'Statuses of outgoing requests',
      ],
      Components: [
        'Calls and durations by component',
        'Call rate by component',
        'p95 by component',
        'Success and failure by component',
        'Calls and durations by method',
        'Call rate by method',
        'p95 by method',
        'Success and failure by method',
        'Failures by error',
        'Dependencies',
      ],
      Scheduler: ['Tasks in this time range', 'Executions', 'Failures', 'Duration', 'Running', 'Tasks once in the fleet'],
      Health: ['Health checks in this time range', 'Up', 'Duration of checks'],
      Workers: ['Workers in this time range', 'Requests per second by worker', 'Event-loop lag by worker', 'Restarted workers'],
      System: [
        'Uptime',
        'Application',
        'CPU',
        'Memory (RSS)',
        'Memory (virtual)',
        'Memory (heap)',
        'Event-loop lag',
        'Event-loop utilization',
        'Time in garbage collection',
        'Garbage collections',
        'Metrics themselves',
        'Exporters',
      ],
    });
  });

  const routes = 'job=~"$job", instance=~"$instance", path=~"$path"';

  test.each([
    ['Total requests', 'sum(http_requests_total{job=~"$job", instance=~"$instance", path=~"$path"})'],
    [
      'Error rate',
      '(sum(rate(http_requests_total{job=~"$job", instance=~"$instance", path=~"$path", status=~"5.."}[$__rate_interval])) or vector(0)) / (sum(rate(http_requests_total{job=~"$job", instance=~"$instance", path=~"$path"}[$__rate_interval])) > 0)',
    ],
    [
      'Average response time',
      ['sum', 'count']
        .map((part) => {
          const native = `histogram_${part}(rate(http_request_duration_seconds{${routes}}[$__rate_interval]))`;
          return `sum(${native} or rate(http_request_duration_seconds_${part}{${routes}}[$__rate_interval]))`;
        })
        .join(' / (')
        .concat(' > 0)'),
    ],
    [
      'p95 by component',
      '(histogram_quantile(0.95, sum by (component) (rate(component_duration_seconds{job=~"$job", instance=~"$instance", component=~"$component"}[$__rate_interval]))) or histogram_quantile(0.95, sum by (component, le) (rate(component_duration_seconds_bucket{job=~"$job", instance=~"$instance", component=~"$component"}[$__rate_interval])))) >= -Inf',
    ],
  ])('%s asks for what it says', (title, query) => {
    expect(queriesOf(dashboard, title)).toEqual([query]);
  });

  test('has a node graph whose tables have the fields that Grafana looks for', () => {
    const graph = panelOf(dashboard, 'Dependencies');
    expect(graph?.type).toBe('nodeGraph');
    const [nodes = '', shares = '', edges = ''] = queriesOf(dashboard, 'Dependencies');
    for (const query of [nodes, shares]) expect(query).toMatch(/^sum by \(id, title\)/);
    expect(edges).toMatch(/^max by \(id, source, target\)/);
    const aliases = graph?.transformations?.flatMap(({ options }) => (options as { alias?: string }).alias ?? []);
    expect(aliases).toEqual(['mainstat', 'secondarystat', 'arc__failed', 'arc__succeeded']);
  });

  test('lets every label variable stand for all of its values', () => {
    const [dataSource, ...labels] = dashboard.templating.list ?? [];
    expect(dataSource).toMatchObject({ type: 'datasource', name: 'datasource', query: 'prometheus' });
    expect(labels.map(({ name }) => name)).toEqual(['job', 'instance', 'component', 'path']);
    // All jobs are all of ours: not every job that this Prometheus scrapes.
    expect(labels.map(({ allValue }) => allValue)).toEqual([undefined, undefined, '.*', '.*']);
    for (const variable of labels) {
      expect(variable).toMatchObject({ type: 'query', multi: true, includeAll: true, current: { text: ['All'], value: ['$__all'] } });
      expect(variable.query).toMatch(new RegExp(`^label_values\\(.*\\}, ${variable.name}\\)$`));
    }
  });
});

describe('the jobs to pick from', () => {
  const jobsOf = (families: readonly MetricFamily[]) =>
    buildDashboard({ families }).templating.list?.find(({ name }) => name === 'job')?.query;
  const instrumented = 'application_info|http_requests_in_flight|component_calls_total';

  test('are those of instrumented programs', () => {
    for (const text of ['', 'process_open_fds 1\n', 'http_requests_in_flight 0\nqueue_length 1\n'])
      expect(jobsOf(readExposition(text))).toBe(`label_values({__name__=~"${instrumented}"}, job)`);
  });

  test('are also those with the same metrics where what was read is not instrumented', () => {
    const text = '# TYPE wait_seconds histogram\nwait_seconds_bucket{le="+Inf"} 1\nqueue_length 1\nprocess_open_fds 1\n';
    expect(jobsOf(readExposition(text))).toBe(
      `label_values({__name__=~"${instrumented}|queue_length|wait_seconds|wait_seconds_count"}, job)`,
    );
  });
});

describe('an application that was read', () => {
  const rowsFor = (text: string) => Object.keys(outlineOf(buildDashboard({ families: readExposition(text) })));

  test('has no row for objectives, health checks and workers that it does not have', () => {
    expect(rowsFor('# TYPE http_requests_in_flight gauge\nhttp_requests_in_flight 0\n')).toEqual(
      BUILT_IN_ROWS.filter((title) => !['Service level objectives', 'Health', 'Workers'].includes(title)),
    );
  });

  test('has panels for the sizes of bodies only if they are recorded', () => {
    const titlesOf = (text: string) => outlineOf(buildDashboard({ families: readExposition(text) }))['HTTP by route']?.slice(-2);
    expect(titlesOf('# TYPE http_requests_in_flight gauge\nhttp_requests_in_flight 0\n')).toEqual(['Open streams', 'Length of streams']);
    const sizes = '# TYPE http_response_size_bytes histogram\nhttp_response_size_bytes_bucket{method="GET",path="/",le="+Inf"} 1\n';
    expect(titlesOf(sizes)).toEqual(['Body bytes per second', 'p95 of response sizes by route']);
  });

  test('has a panel for exporters only if it has some', () => {
    const titlesOf = (text: string) => outlineOf(buildDashboard({ families: readExposition(text) }))['System']?.at(-1);
    expect(titlesOf('# TYPE http_requests_in_flight gauge\nhttp_requests_in_flight 0\n')).toBe('Metrics themselves');
    expect(titlesOf('# TYPE exporter_up gauge\nexporter_up{exporter="redis"} 1\n')).toBe('Exporters');
  });

  test('has it where it has some', () => {
    const text = 'slo_events_total{slo="A",outcome="good"} 1\nhealth_check_up{check="database"} 1\nworker_up{worker="1"} 1\n';
    expect(rowsFor(text)).toEqual(BUILT_IN_ROWS);
  });

  test('has every metric of its own in a row at the end, in the order of their names', () => {
    const families = readExposition(`
# TYPE upload_bytes_total counter
upload_bytes_total{kind="a"} 1
# TYPE queue_length gauge
queue_length 1
# TYPE wait_seconds histogram
wait_seconds_bucket{shop="x",le="+Inf"} 1
# TYPE size_bytes summary
size_bytes{quantile="0.5"} 1
# TYPE phase gauge
phase{phase="full",planet="earth"} 1
# TYPE build_info gauge
build_info{version="1"} 1
# TYPE nodejs_version_info gauge
nodejs_version_info{version="v20"} 1
`);
    const dashboard = buildDashboard({ families });
    const rows = outlineOf(dashboard);
    expect(Object.keys(rows).at(-1)).toBe('Custom metrics');
    const custom = rows['Custom metrics'] ?? [];
    expect(custom).toEqual([
      'build_info',
      'phase',
      'queue_length',
      'size_bytes, quantiles',
      'upload_bytes_total, per second',
      'wait_seconds, percentiles',
      'wait_seconds, spread',
    ]);
    const kinds = custom.map((title) => [panelOf(dashboard, title)?.type, panelOf(dashboard, title)?.fieldConfig?.defaults.unit]);
    expect(kinds).toEqual([
      ['table', 'none'],
      ['state-timeline', 'short'],
      ['timeseries', 'short'],
      ['timeseries', 'bytes'],
      ['timeseries', 'binBps'],
      ['timeseries', 's'],
      ['heatmap', 's'],
    ]);
    const scope = 'job=~"$job", instance=~"$instance"';
    expect(custom.flatMap((title) => queriesOf(dashboard, title))).toEqual([
      `build_info{${scope}}`,
      `max by (phase, planet) (phase{${scope}})`,
      `queue_length{${scope}}`,
      `size_bytes{${scope}} >= -Inf`,
      `sum(rate(size_bytes_sum{${scope}}[$__rate_interval])) / (sum(rate(size_bytes_count{${scope}}[$__rate_interval])) > 0)`,
      `sum by (kind) (rate(upload_bytes_total{${scope}}[$__rate_interval]))`,
      ...[0.5, 0.95, 0.99].map(
        (quantile) =>
          `(histogram_quantile(${quantile}, sum(rate(wait_seconds{${scope}}[$__rate_interval]))) or histogram_quantile(${quantile}, sum by (le) (rate(wait_seconds_bucket{${scope}}[$__rate_interval])))) >= -Inf`,
      ),
      `sum(increase(wait_seconds{${scope}}[$__rate_interval])) or (sum by (le) (increase(wait_seconds_bucket{${scope}}[$__rate_interval])) unless on () sum(increase(wait_seconds{${scope}}[$__rate_interval])))`,
    ]);
  });

  test('is described in its own words first', () => {
    const family: MetricFamily = { name: 'moons', type: 'gauge', help: 'Moons in sight', labelNames: ['planet'], series: [] };
    const dashboard = buildDashboard({ families: [family] });
    expect(panelOf(dashboard, 'moons')?.description).toMatch(/^Moons in sight\. The value at each scrape\./);
    expect(panelOf(buildDashboard({ families: [{ ...family, help: ' ' }] }), 'moons')?.description).toMatch(/^The value at each scrape\./);
  });
});

describe('options', () => {
  test('are what the dashboard has', () => {
    const dashboard = buildDashboard({ title: 'Shop', uid: 'shop-1', tags: ['a', 'b'], refresh: '', timeRange: '6h' });
    expect(dashboard).toMatchObject({ title: 'Shop', uid: 'shop-1', tags: ['a', 'b'], refresh: '', time: { from: 'now-6h', to: 'now' } });
    expect(buildDashboard()).toMatchObject({
      title: 'Tsukimi',
      uid: 'tsukimi',
      tags: ['tsukimi'],
      refresh: '10s',
      time: { from: 'now-1h' },
    });
  });

  test.each<[keyof DashboardOptions, unknown, string]>([
    ['title', '', 'title is ""; a text is expected.'],
    ['title', 7, 'title is 7; a text is expected.'],
    ['uid', '', 'uid is ""; 1 to 40 letters, digits, - and _ is expected.'],
    ['uid', 'a b', 'uid is "a b"; 1 to 40 letters, digits, - and _ is expected.'],
    ['uid', 'a'.repeat(41), `uid is "${'a'.repeat(41)}"; 1 to 40 letters, digits, - and _ is expected.`],
    ['refresh', '10', 'refresh is "10"; a duration such as 10s, or an empty text is expected.'],
    ['timeRange', '0h', 'timeRange is "0h"; a duration such as 1h is expected.'],
    ['timeRange', 'now-1h', 'timeRange is "now-1h"; a duration such as 1h is expected.'],
    ['tags', 'a', 'tags is "a"; a list of texts is expected.'],
    ['families', {}, 'families is an object; a list of families is expected.'],
    ['histograms', 'modern', 'histograms is "modern"; classic, native or both is expected.'],
    ['histograms', null, 'histograms is null; classic, native or both is expected.'],
  ])('%s may not be %j', (option, value, message) => {
    const error = thrownBy(() => buildDashboard({ [option]: value }));
    expect(error).toMatchObject({ code: 'TSK_ERR_DASHBOARD_OPTION', message });
  });

  test.each<[Partial<MetricFamily>, string]>([
    [{ name: 'a b' }, '"a b" is not a metric name'],
    [{ name: 'a"} or up' }, '"a\\"} or up" is not a metric name'],
    [{ labelNames: ['x', 'a.b'] }, '"a.b" is not a label name'],
    [{ labelNames: ['le) or up'] }, '"le) or up" is not a label name'],
    [{ type: 'rocket' as 'gauge' }, '"rocket" is not a type'],
  ])('a family %j is refused', (given, why) => {
    const family: MetricFamily = { name: 'fine', type: 'gauge', help: '', labelNames: [], series: [], ...given };
    const error = thrownBy(() => buildDashboard({ families: [family] }));
    expect(error.code).toBe('TSK_ERR_DASHBOARD_FAMILY');
    expect(error.message).toContain(`can't be shown on a dashboard: ${why}.`);
  });
});
