/** `tsukimi top` where it prints once, and what it fails with. */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { httpInstrumentation, instrument } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../../../test/support/free-port.js';
import { runTsukimi } from '../support/run-tsukimi.js';

/** A Fastify application with two routes and one measured object. */
async function startApplication(options: { readonly allowedIps?: readonly string[] } = {}) {
  const registry = new MetricsRegistry();
  const app = fastify();
  await app.register(httpInstrumentation, { registry, processMetrics: false, ...options });
  const moon = instrument({ phase: (night: number) => ({ night }) }, { component: 'Moon\u001B[2J', registry });
  app.get('/moon/:night', async () => moon.phase(15));
  app.get('/eclipse', async (_, reply) => reply.code(503).send());
  const url = await app.listen({ port: 0 });
  return { url, ask: async (path: string) => (await fetch(`${url}${path}`)).status, [Symbol.asyncDispose]: () => app.close() };
}

/** A server that is no application of ours. */
async function startServer(answer: RequestListener) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = async () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, [Symbol.asyncDispose]: stop };
}

const FAST = ['--once', '--interval', '100'];

describe('tsukimi top', () => {
  it('prints the exact counts once, without colours and escape codes', async () => {
    await using application = await startApplication();
    for (let time = 0; time < 3; time++) await application.ask('/moon/15');
    expect(await application.ask('/eclipse')).toBe(503);
    const { exitCode, stdout, stderr } = await runTsukimi(['top', application.url, '--sort', 'name', ...FAST]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const [whose, meaning, ...table] = stdout.split('\n');
    expect(whose).toBe(`${application.url}/metrics  0 in flight`);
    expect(meaning).toMatch(/^rates over the last \d+(\.\d)? s; totals and p95 since the application started; sorted by name$/);
    expect(table.map((line) => line.replace(/ +\S+$/, ''))).toEqual([
      'ROUTE OR METHOD     TOTAL  RATE/S  ERRORS  ERRORS/S  P95',
      'Routes',
      '  GET /eclipse          1       0       1         0',
      '  GET /moon/:night      3       0       0         0',
      'Methods',
      '  Moon�[2J.phase        3       0       0         0',
      '',
    ]);
  });

  it('prints the same as one JSON document', async () => {
    await using application = await startApplication();
    await application.ask('/eclipse');
    const { exitCode, stdout } = await runTsukimi(['top', application.url, '--json', '--interval', '100', '--view', 'routes']);
    const document = JSON.parse(stdout);
    expect(exitCode).toBe(0);
    expect(document).toEqual({
      url: `${application.url}/metrics`,
      timestamp: new Date(document.timestamp).toISOString(),
      rates_over_seconds: expect.any(Number),
      uptime_seconds: null,
      in_flight: 0,
      routes: [{ name: 'GET /eclipse', total: 1, rate_per_second: 0, errors: 1, errors_per_second: 0, p95_ms: document.routes[0].p95_ms }],
    });
    expect(document.rates_over_seconds).toBeGreaterThanOrEqual(0.1);
  });

  it('shows the rates between its two reads', async () => {
    await using application = await startApplication();
    const running = runTsukimi(['top', application.url, '--json', '--interval', '1500', '--view', 'routes']);
    let answered = 0;
    for (const end = performance.now() + 1000; performance.now() < end; answered++) await application.ask('/moon/15');
    const document = JSON.parse((await running).stdout);
    const [moon] = document.routes;
    expect(moon.total).toBe(answered);
    // The first reading is somewhere among the requests.
    expect(moon.rate_per_second).toBeGreaterThan(0);
    expect(moon.rate_per_second).toBeLessThanOrEqual(answered / document.rates_over_seconds);
    expect(moon.rate_per_second * document.rates_over_seconds).toBeCloseTo(
      Math.round(moon.rate_per_second * document.rates_over_seconds),
      6,
    );
  });

  it('has colours on a terminal, unless NO_COLOR is set', async () => {
    await using application = await startApplication();
    const terminal = { columns: 60, rows: 20 };
    const coloured = await runTsukimi(['top', application.url, ...FAST], { terminal });
    const plain = await runTsukimi(['top', application.url, ...FAST], { terminal, environment: { NO_COLOR: '1' } });
    expect(coloured.stdout).toContain('\u001B[7mROUTE OR METHOD');
    expect(plain.stdout).not.toContain('\u001B');
    const table = plain.stdout.split('\n').slice(2);
    expect(Math.max(...table.map((line) => line.length))).toBeLessThanOrEqual(60);
  });
});

async function failureOf(url: string, ...options: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await runTsukimi(['top', url, ...FAST, ...options]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  return stderr;
}

describe('tsukimi top fails with code 1 and the fix where', () => {
  it('nothing listens', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    expect(await failureOf(url)).toBe(
      `error TSK_ERR_REMOTE_UNREACHABLE: Nothing answers at ${url}/metrics (ECONNREFUSED). Start the application, or correct the host and port: use metrics.port if it is set, otherwise server.port.\n`,
    );
  });

  it('this machine is not in the allowlist', async () => {
    await using application = await startApplication({ allowedIps: ['192.0.2.1'] });
    expect(await failureOf(application.url)).toMatch(/^error TSK_ERR_REMOTE_STATUS: .* \(404\)\. .*metrics\.allowed_ips/);
  });

  it('a proxy answers with an error', async () => {
    await using server = await startServer((_, response) => void response.writeHead(502).end('bad gateway'));
    expect(await failureOf(server.url)).toMatch(/^error TSK_ERR_REMOTE_STATUS: .* status 502 /);
  });

  it('the response is not JSON', async () => {
    await using server = await startServer((_, response) => void response.end('# HELP up Whether.\n'));
    expect(await failureOf(server.url)).toMatch(/^error TSK_ERR_REMOTE_NOT_METRICS: .* but not with JSON\. /);
  });

  it('the JSON is not that of Tsukimi', async () => {
    await using server = await startServer((_, response) => void response.end('{"status":"ok"}'));
    expect(await failureOf(server.url)).toMatch(/^error TSK_ERR_REMOTE_NOT_METRICS: .* JSON document that is not Tsukimi's\. /);
  });

  it('the answer does not end', async () => {
    const chunk = Buffer.alloc(1024 ** 2, ' ');
    await using server = await startServer((_, response) => {
      const more = () => {
        while (response.write(chunk));
      };
      response.on('drain', more);
      more();
    });
    // Where all cores are busy, 64 MiB take longer than the default of 5 s.
    expect(await failureOf(server.url, '--timeout', '25000')).toMatch(/^error TSK_ERR_REMOTE_TOO_LARGE: .* more than 67108864 bytes, /);
  });

  it('measuring is switched off', async () => {
    const document = { enabled: false, timestamp: new Date().toISOString(), instrumentation: { custom: {} } };
    await using server = await startServer((_, response) => void response.end(JSON.stringify(document)));
    expect(await failureOf(server.url)).toMatch(/^error TSK_ERR_TOP_SWITCHED_OFF: .* instrumentation\.enabled is false\. /);
  });

  it('the response is too late', async () => {
    await using server = await startServer(() => {});
    expect(await failureOf(server.url, '--timeout', '150')).toMatch(/^error TSK_ERR_REMOTE_TIMEOUT: .* did not answer within 150 ms\. /);
  });

  it('the answer stops halfway', async () => {
    await using server = await startServer((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{');
      setImmediate(() => response.destroy());
    });
    expect(await failureOf(server.url)).toMatch(/^error TSK_ERR_REMOTE_UNREACHABLE: /);
  });
});

it.each([
  ['no address', ['top'], "missing required argument 'url'"],
  ['an address that is none', ['top', '::1'], 'TSK_ERR_REMOTE_URL'],
  ['another sort key', ['top', '8000', '--sort', 'size'], 'Allowed choices are rate, errors, p95, name'],
  ['an interval that is too short', ['top', '8000', '--interval', '99'], 'Use a whole number from 100 to 3600000'],
  ['a limit that is no number', ['top', '8000', '--limit', '1e3'], 'Use a whole number of at least 1'],
  ['a timeout of nothing', ['top', '8000', '--timeout', '0'], 'Use a whole number from 1 to 3600000'],
])('%s is refused with code 2', async (_, argv, message) => {
  const { exitCode, stdout, stderr } = await runTsukimi(argv);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(message);
});
