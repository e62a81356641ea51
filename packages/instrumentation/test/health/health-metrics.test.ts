/** Health checks as metrics, who sees their details, and probes on the port of the metrics. */
import { type Class, HealthCheck, Service } from '@tsukimi/core';
import { MetricsRegistry } from '@tsukimi/metrics';
import { expect, test } from 'vitest';
import { exchange, statusOf } from '../support/raw-http.js';
import { textLines } from '../support/scrape.js';
import { instrumentedApplication, listen, start, startFailure } from '../support/start.js';

interface Parts {
  isUp: boolean;
  runs: number;
}

/** A component with a readiness check, and one of kind info that hangs. */
function checked(options: { readonly hangs?: boolean } = {}): { readonly App: Class; readonly parts: Parts } {
  const parts: Parts = { isUp: true, runs: 0 };
  @Service({ name: 'Database' })
  class Database {
    @HealthCheck({ name: 'database', cacheMs: 0 })
    ping(): void {
      parts.runs += 1;
      if (!parts.isUp) throw new Error('no connection to postgres://shop:hunter2@db/shop');
    }
    @HealthCheck({ name: 'mail', kind: 'info', timeoutMs: 1 })
    mail(): Promise<void> | undefined {
      return options.hangs === true ? new Promise(() => undefined) : undefined;
    }
  }
  return { App: instrumentedApplication([Database]), parts };
}

const healthLines = (lines: readonly string[]): string[] => lines.filter((line) => /^health_check_(up|duration_seconds_count)/.test(line));

test('each check is a gauge, which the first scrape has too, and a histogram of its runs', async () => {
  const { App, parts } = checked({ hangs: true });
  const { app } = await start(App);
  expect(healthLines(await textLines(app))).toEqual(
    expect.arrayContaining(['health_check_up{check="database"} 1', 'health_check_up{check="mail"} 0']),
  );
  parts.isUp = false;
  await app.health.report('ready');
  const registry = app.resolve(MetricsRegistry);
  const lines = async () => healthLines((await registry.expose()).split('\n'));
  expect(await lines()).toContain('health_check_up{check="database"} 0');
  registry.resetMetrics();
  expect(await lines()).toContain('health_check_up{check="database"} 0');
  parts.isUp = true;
  const { runs } = parts;
  // A scrape does not wait for runs other than the first: it shows the last result, and starts a run, whose result the next one shows.
  expect(await lines()).toContain('health_check_up{check="database"} 0');
  await app.health.report('ready');
  expect(parts.runs).toBeGreaterThan(runs);
  expect(await lines()).toContain('health_check_up{check="database"} 1');
});

test('probes are in no HTTP metric', async () => {
  const { App } = checked();
  const { app, port } = await listen(App);
  for (const target of ['/health/live', '/health/ready', '/health/startup']) expect(await statusOf({ port, target })).toBe(200);
  const lines = await textLines(app);
  expect(lines.filter((line) => line.startsWith('http_requests_total{'))).toEqual([]);
  expect(lines).toContain('http_requests_in_flight 0');
});

test('clients that can read the metrics see the checks, with messages without credentials', async () => {
  const { App, parts } = checked();
  parts.isUp = false;
  const { port } = await listen(App, { configuration: { metrics: { allowed_ips: ['127.0.0.2'] } } });
  const body = async (from: string) => {
    const response = await exchange({ port, target: '/health/ready', from });
    expect(response).toMatch(/^HTTP\/1\.1 503 /);
    return JSON.parse(response.slice(response.indexOf('\r\n\r\n')));
  };
  expect(await body('127.0.0.3')).toEqual({ status: 'down' });
  expect(await body('127.0.0.2')).toEqual({
    status: 'down',
    checks: {
      database: {
        status: 'down',
        durationMs: expect.any(Number),
        message: 'no connection to postgres://***@db/shop',
        since: expect.any(String),
      },
      mail: { status: 'up', durationMs: expect.any(Number), message: null, since: expect.any(String) },
    },
  });
});

test('without an allowlist everybody sees the checks; messages of a server that others can reach only if they are asked for', async () => {
  const { App, parts } = checked();
  parts.isUp = false;
  const message = async (configuration: { readonly [key: string]: Record<string, string | boolean> }) => {
    const { app } = await start(App, { configuration });
    return JSON.parse((await app.inject('/health/ready')).body).checks?.database?.message;
  };
  expect(await message({})).toBe('no connection to postgres://***@db/shop');
  expect(await message({ server: { host: '0.0.0.0' } })).toBe(null);
  expect(await message({ server: { host: '0.0.0.0' }, metrics: { show_error_messages: true } })).toBe(
    'no connection to postgres://***@db/shop',
  );
  expect(await message({ health: { details: 'never' } })).toBe(undefined);
  expect(await message({ metrics: { enabled: false } })).toBe(undefined);
  expect(await message({ server: { host: '0.0.0.0' }, health: { details: 'always' } })).toBe('no connection to postgres://***@db/shop');
});

test('on the port of the metrics, probes are there and not on the application’s own', async () => {
  const { App } = checked();
  const { app, port } = await listen(App, { configuration: { metrics: { port: 0 }, health: { port: 'metrics' } } });
  const metricsPort = Number(new URL(app.fastify.metricsOrigin as string).port);
  for (const target of ['/health/live', '/health/ready', '/health/startup'])
    expect([await statusOf({ port: metricsPort, target }), await statusOf({ port, target })]).toEqual([200, 404]);
});

test('refuses the port of the metrics where there is none', async () => {
  const { App } = checked();
  const refused = /^TSK_ERR_CONFIGURATION_VALUE: health\.port: .* is not allowed \(configuration option\)\. Allowed: metrics only where/;
  expect(await startFailure(App, { configuration: { health: { port: 'metrics' } } })).toMatch(refused);
  expect(await startFailure(App, { configuration: { health: { port: 'metrics' }, metrics: { port: 0, enabled: false } } })).toMatch(
    refused,
  );
});

test('where measuring is off, there are no metrics, and probes are answered', async () => {
  const { App } = checked();
  const { app } = await start(App, { configuration: { instrumentation: { enabled: false } } });
  expect((await app.inject('/health/ready')).statusCode).toBe(200);
  expect(healthLines(await textLines(app))).toEqual([]);
});
