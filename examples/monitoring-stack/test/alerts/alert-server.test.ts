import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createAlertReceiver } from '../../src/alerts/alert-server.js';

const printed: string[] = [];
const server = createAlertReceiver((line) => printed.push(line));
let url: string;

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  printed.length = 0;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const post = (path: string, body: string) => fetch(`${url}${path}`, { method: 'POST', body });

it('prints a line for each alert', async () => {
  const message = {
    version: '4',
    status: 'firing',
    alerts: [
      { status: 'firing', labels: { alertname: 'RouteFails', path: '/red', severity: 'page' }, annotations: { summary: 'It fails.' } },
      { status: 'resolved', labels: { path: '/green' }, annotations: { summary: 'two\nlines' } },
      { status: 'firing', labels: { alertname: 'Silent' } },
    ],
  };
  expect((await post('/page', JSON.stringify(message))).status).toBe(200);
  expect(printed).toEqual([
    'page FIRING RouteFails path=/red severity=page: It fails.',
    'page RESOLVED unnamed path=/green: two lines',
    'page FIRING Silent: no summary',
  ]);
});

it.each([
  ['no JSON', 'moon'],
  ['null', 'null'],
  ['no alerts', '{"alerts":3}'],
  ['an alert without labels', '{"alerts":[{"status":"firing"}]}'],
  ['too much', `"${'x'.repeat(1024 * 1024)}"`],
])('answers 400 to %s, and prints nothing', async (_what, body) => {
  expect((await post('/', body)).status).toBe(400);
  expect(printed).toEqual([]);
});

it('answers health checks, and refuses other methods', async () => {
  expect((await fetch(url)).status).toBe(200);
  expect((await fetch(url, { method: 'DELETE' })).status).toBe(405);
});
