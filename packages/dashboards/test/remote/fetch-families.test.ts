/** Families from a real endpoint, and what is said where there is none. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fetchFamilies } from '@tsukimi/dashboards';
import { httpInstrumentation } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import Fastify from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../../../test/support/free-port.js';
import { rejectionOf } from '../support/thrown-by.js';

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function application(): Promise<string> {
  const registry = new MetricsRegistry();
  registry.stateSet({ name: 'job_state', help: 'Which.', states: ['idle', 'busy'] }).set('busy');
  const fastify = Fastify();
  await fastify.register(httpInstrumentation, { registry });
  onTestFinished(() => fastify.close());
  return fastify.listen({ host: '127.0.0.1', port: 0 });
}

test.each(['/metrics', '/metrics/prometheus'])('%s of an application gives its families', async (path) => {
  const families = await fetchFamilies(`${await application()}${path}`);
  const state = families.find(({ name }) => name === 'job_state');
  expect(state).toEqual({
    name: 'job_state',
    type: 'stateset',
    help: 'Which.',
    labelNames: ['job_state'],
    series: [
      { labels: { job_state: 'idle' }, value: 0 },
      { labels: { job_state: 'busy' }, value: 1 },
    ],
  });
  expect(families.find(({ name }) => name === 'http_requests_in_flight')?.type).toBe('gauge');
});

test('user and password are sent, and shown nowhere', async () => {
  const url = await serve(({ headers }, response) => {
    response.statusCode = headers.authorization === `Basic ${Buffer.from('me:p%ss').toString('base64')}` ? 200 : 401;
    response.end('a 1\n');
  });
  const withUser = new URL(url);
  Object.assign(withUser, { username: 'me', password: 'p%25ss' });
  expect((await fetchFamilies(withUser)).map(({ name }) => name)).toEqual(['a']);
  withUser.password = 'wrong';
  const { code, message } = await rejectionOf(fetchFamilies(withUser));
  expect(code).toBe('TSK_ERR_REMOTE_STATUS');
  expect(message).toBe(`${url}/ answered 401. Add user and password to the url: http://user:password@host:8000/metrics/prometheus.`);
});

test.each([
  [403, 'Correct the path'],
  [404, 'metrics.allowed_ips'],
  [500, "See the application's log."],
])('status %d is told, with the fix', async (status, fix) => {
  const url = await serve((_, response) => void response.writeHead(status).end('no'));
  const { code, message } = await rejectionOf(fetchFamilies(url));
  expect(code).toBe('TSK_ERR_REMOTE_STATUS');
  expect(message).toContain(`${url}/ answered ${status}. `);
  expect(message).toContain(fix);
});

test('where nothing listens', async () => {
  const url = `http://127.0.0.1:${await freePort()}/metrics`;
  const { code, message, cause } = await rejectionOf(fetchFamilies(url));
  expect(code).toBe('TSK_ERR_REMOTE_UNREACHABLE');
  expect(message).toContain(`${url} did not answer: connect ECONNREFUSED`);
  expect(cause).toBeInstanceOf(Error);
});

test.each([
  ['text/html; charset=utf-8', '<!doctype html><html></html>'],
  ['application/json', '{}'],
  ['text/plain', '<html>\n'],
  ['application/octet-stream', '\u0000\u0001'],
])('%s is not taken for metrics', async (contentType, body) => {
  const url = await serve((_, response) => void response.writeHead(200, { 'content-type': contentType }).end(body));
  const { code, message } = await rejectionOf(fetchFamilies(url));
  expect(code).toBe('TSK_ERR_REMOTE_NOT_METRICS');
  expect(message).toContain(`${url}/ answered with ${contentType}, not with Prometheus's text format`);
});

test('an answer that does not end is given up', async () => {
  const url = await serve((_, response) => void response.write('a 1\n'));
  const { code, message } = await rejectionOf(fetchFamilies(url, { timeoutMs: 100 }));
  expect(code).toBe('TSK_ERR_REMOTE_TIMEOUT');
  expect(message).toContain('did not respond completely within 100 ms');
});

test('an answer that is too large is given up; one that just fits is read', async () => {
  const url = await serve((_, response) => void response.end('a 1\nbb 1\n'));
  expect(await fetchFamilies(url, { maxBytes: 9 })).toHaveLength(2);
  const { code, message } = await rejectionOf(fetchFamilies(url, { maxBytes: 8 }));
  expect(code).toBe('TSK_ERR_REMOTE_TOO_LARGE');
  expect(message).toContain('more than 8 bytes');
});

test.each([
  ['ftp://127.0.0.1/metrics', 'a text of 23 characters'],
  ['127.0.0.1:8000', 'a text of 14 characters'],
  ['', '""'],
  ['me:secret@host', 'a text of 14 characters'],
  ['http://me:1/secret@host', 'a text of 23 characters'],
])('%j is no address', async (url, shown) => {
  const { code, message } = await rejectionOf(fetchFamilies(url));
  expect(code).toBe('TSK_ERR_REMOTE_URL');
  expect(message).toBe(
    `${shown} is not a URL of metrics. Write it as http://127.0.0.1:8000/metrics/prometheus. In user and password, encode / as %2F and @ as %40.`,
  );
});

test.each(['timeoutMs', 'maxBytes'] as const)('%s is a whole number from 1', async (option) => {
  for (const value of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    const { code, message } = await rejectionOf(fetchFamilies('http://127.0.0.1', { [option]: value }));
    expect(code).toBe('TSK_ERR_DASHBOARD_OPTION');
    expect(message).toContain(`${option} is ${value}; a whole number`);
  }
});

test('timeoutMs is no more than a timer takes', async () => {
  const { code, message } = await rejectionOf(fetchFamilies('http://127.0.0.1', { timeoutMs: 2_147_483_648 }));
  expect(code).toBe('TSK_ERR_DASHBOARD_OPTION');
  expect(message).toBe('timeoutMs is 2147483648; a whole number of milliseconds from 1 to 2147483647 is expected.');
});
