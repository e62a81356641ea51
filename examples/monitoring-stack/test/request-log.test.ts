/** The log of requests in a real PostgreSQL, which goes away and comes back. */
import pg from 'pg';
import { type Application, createApplication } from 'tsukimi';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../../../test/support/postgres/server.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { MonitoringStack } from '../src/application.js';
import { RequestLog } from '../src/request-log/request-log.js';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server?.end());

/** An application on that database, under its user's name. */
function startApplication(): Promise<Application> {
  const { hostname: host, port, username: user, password, pathname } = new URL(server.url);
  const configuration = {
    postgres: { host, port: Number(port), user, password, database: pathname.slice(1) },
    request_log: { keep_hours: 2 },
    opentelemetry: { enabled: false },
  };
  return createApplication(MonitoringStack, { configuration, environment: {}, logger: false });
}

async function rows(text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  const { rows: found } = await client.query(text);
  await client.end();
  return found;
}

async function outcomes(app: Application): Promise<string[]> {
  await app.resolve(RequestLog).flush();
  const { body } = await app.inject('/metrics/prometheus?name[]=request_log_entries_total');
  return [...body.matchAll(/^request_log_entries_total\{outcome="(\w+)"\} (\d+)$/gm)].map(([, outcome, count]) => `${outcome} ${count}`);
}

it('writes what was asked for while the database was there, and counts the rest', async () => {
  await using app = await startApplication();
  expect((await app.inject('/green')).statusCode).toBe(200);
  expect(await outcomes(app)).toEqual(['written 1', 'failed 0', 'dropped 0']);
  await server.stop();
  expect((await app.inject({ method: 'POST', url: '/green' })).statusCode).toBe(404);
  expect((await app.inject('/red')).statusCode).toBe(500);
  expect(await outcomes(app)).toEqual(['written 1', 'failed 2', 'dropped 0']);
  await server.start();
  expect((await app.inject('/')).statusCode).toBe(200);
  expect(await outcomes(app)).toEqual(['written 2', 'failed 2', 'dropped 0']);
  expect(await rows('SELECT method, route, status FROM requests ORDER BY id')).toEqual([
    { method: 'GET', route: '/green', status: 200 },
    { method: 'GET', route: '/', status: 200 },
  ]);
});

it('writes at its stop what is on its way', async () => {
  await rows('TRUNCATE requests');
  const app = await startApplication();
  await Promise.all(Array.from({ length: 200 }, () => app.inject('/green')));
  await app.close();
  expect(await rows('SELECT count(*)::int AS count FROM requests')).toEqual([{ count: 200 }]);
});

it('waits for a thousand rows at most', async () => {
  await rows('TRUNCATE requests');
  await using app = await startApplication();
  const log = app.resolve(RequestLog);
  for (let count = 0; count < 1_500; count += 1) log.record({ at: new Date(), method: 'GET', route: '/', status: 200, durationMs: 1 });
  expect(await outcomes(app)).toEqual(['written 1000', 'failed 0', 'dropped 500']);
});

it('deletes rows that are older than request_log.keep_hours', async () => {
  await rows(`TRUNCATE requests; INSERT INTO requests (at, method, route, status, duration_ms) VALUES
    (now() - interval '121 minutes', 'GET', '/old', 200, 1), (now() - interval '119 minutes', 'GET', '/young', 200, 1)`);
  await using app = await startApplication();
  await app.scheduler.run('delete-old-requests');
  expect(await rows('SELECT route FROM requests')).toEqual([{ route: '/young' }]);
});

it('logs a request whose client left, once and with 499', async () => {
  await rows('TRUNCATE requests');
  await using app = await startApplication();
  const url = await app.listen();
  const controller = new AbortController();
  const left = fetch(`${url}/simulation`, { signal: controller.signal });
  // The request is on its way to a route that takes longer than this.
  app.fastify.server.once('request', () => setImmediate(() => controller.abort()));
  await expect(left).rejects.toThrow();
  await waitUntil('the row', async () => (await rows('SELECT FROM requests')).length > 0);
  await app.close();
  expect(await rows('SELECT route, status FROM requests')).toEqual([{ route: '/simulation', status: 499 }]);
});
