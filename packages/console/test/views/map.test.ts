/** The map's databases and hosts, under each way of naming. What it has of components is in live-page.test.ts. */
import { CATALOGUE, type ConsoleSources, OPENTELEMETRY_CATALOGUE } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { expect, onTestFinished, test } from 'vitest';
import { History } from '../../src/history/history.js';
import { dependencyMap } from '../../src/views/map.js';

const START = 1_700_000_000;

function watched() {
  const registry = new MetricsRegistry();
  let now = START;
  const history = new History({ registry, clock: () => now });
  onTestFinished(() => history.close());
  const kinds = new Map([['MoonRepository', 'repository']]);
  const sources = { registry, kindOf: (component: string) => kinds.get(component) } as ConsoleSources;
  return {
    registry,
    async sample(): Promise<void> {
      now += 1;
      await history.sample();
    },
    outside() {
      const { nodes, edges } = dependencyMap({ history, sources }, { seconds: 60, to: undefined, points: 90 });
      return {
        nodes: nodes
          .filter(({ kind }) => kind === 'database' || kind === 'host')
          .map(({ id, name, rate, errorRate }) => ({ id, name, isCalled: rate > 0, errorRate })),
        edges: edges.map(({ from, to, rate }) => ({ from, to, isCalled: (rate ?? 0) > 0 })),
      };
    },
  };
}

type Watched = ReturnType<typeof watched>;

function repository({ registry }: Watched): void {
  registry.gauge(CATALOGUE.componentDependency).set({ component: 'MoonService', depends_on: 'MoonRepository' }, 1);
  registry.counter(CATALOGUE.componentCalls).inc({ component: 'MoonRepository', method: 'find', status: 'success' }, 0);
}

test("a pool of pg is a database, which the application's repositories use", async () => {
  const all = watched();
  repository(all);
  const { registry } = all;
  const durations = registry.histogram({ name: 'db_query_duration_seconds', help: 'x', labelNames: ['pool', 'operation'] });
  const failures = registry.counter({ name: 'db_query_failures_total', help: 'x', labelNames: ['pool', 'sqlstate'] });
  await all.sample();
  for (const operation of ['SELECT', 'SELECT', 'SELECT', 'INSERT']) durations.observe({ pool: 'main', operation }, 0.01);
  failures.inc({ pool: 'main', sqlstate: '23' });
  await all.sample();
  expect(all.outside()).toEqual({
    nodes: [{ id: 'database:main', name: 'main', isCalled: true, errorRate: 0.25 }],
    edges: [
      { from: 'component:MoonService', to: 'component:MoonRepository', isCalled: false },
      { from: 'component:MoonRepository', to: 'database:main', isCalled: true },
    ],
  });
});

test('a database under the name of OpenTelemetry, with failures by the type of the error', async () => {
  const all = watched();
  repository(all);
  const durations = all.registry.histogram(OPENTELEMETRY_CATALOGUE.dbClientOperationDuration);
  await all.sample();
  for (const error_type of ['', '', '', '23505'])
    durations.observe({ db_system_name: 'postgresql', db_operation_name: 'SELECT', error_type }, 0.01);
  await all.sample();
  expect(all.outside()).toMatchObject({
    nodes: [{ id: 'database:postgresql', name: 'postgresql', isCalled: true, errorRate: 0.25 }],
    edges: [{}, { from: 'component:MoonRepository', to: 'database:postgresql', isCalled: true }],
  });
});

test('a query that is recorded under both names is in one database', async () => {
  const all = watched();
  const own = all.registry.histogram({ name: 'db_query_duration_seconds', help: 'x', labelNames: ['pool', 'operation'] });
  const other = all.registry.histogram(OPENTELEMETRY_CATALOGUE.dbClientOperationDuration);
  await all.sample();
  own.observe({ pool: 'main', operation: 'SELECT' }, 0.01);
  other.observe({ db_system_name: 'postgresql', db_operation_name: 'SELECT', error_type: '' }, 0.01);
  await all.sample();
  expect(all.outside().nodes).toMatchObject([{ id: 'database:main' }]);
});

test('a host fails by statuses from 500 on, and by requests without a response', async () => {
  const { registry, sample, outside } = watched();
  await sample();
  for (const status of ['200', '404', '503', 'ECONNREFUSED']) {
    registry.counter(CATALOGUE.httpClientRequests).inc({ method: 'GET', host: 'moons.example', status });
    registry.histogram(CATALOGUE.httpClientRequestDuration).observe({ method: 'GET', host: 'moons.example' }, 0.02);
  }
  await sample();
  expect(outside().nodes).toEqual([{ id: 'host:moons.example', name: 'moons.example', isCalled: true, errorRate: 0.5 }]);
});

test('a host under the labels of OpenTelemetry', async () => {
  const { registry, sample, outside } = watched();
  const durations = registry.histogram({
    name: 'http_client_request_duration_seconds',
    help: 'x',
    labelNames: ['http_request_method', 'server_address', 'server_port', 'error_type'],
  });
  await sample();
  for (const error_type of ['', '500'])
    durations.observe({ http_request_method: 'GET', server_address: 'moons.example', server_port: '443', error_type }, 0.02);
  await sample();
  expect(outside().nodes).toEqual([{ id: 'host:moons.example:443', name: 'moons.example:443', isCalled: true, errorRate: 0.5 }]);
});
