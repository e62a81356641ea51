import type { Application } from 'tsukimi';
import { expect, it } from 'vitest';
import { sendTraffic } from '../../src/traffic/run.js';
import { startDemo } from '../support/demo.js';
import { samplesOf } from '../support/scrape.js';

async function traffic(demo: Application, options: { requests: number; seed: number }) {
  return sendTraffic({ url: await demo.listen(), ratePerSecond: 0, ...options });
}

it('says of what it sent exactly what the demo counted', async () => {
  const demo = await startDemo();
  const summary = await traffic(demo, { requests: 500, seed: 7 });
  const counted = (await samplesOf(demo, 'http_requests_total')).map(([labels, requests]) => ({ ...labels, requests }));
  expect(summary.rows).toHaveLength(counted.length);
  expect(summary.rows).toEqual(expect.arrayContaining(counted));
  expect(summary.total).toBe(500);
});

it('is varied: every route, and every mistake', async () => {
  const demo = await startDemo();
  const { rows } = await traffic(demo, { requests: 500, seed: 1 });
  expect(rows.map(({ method, path, status }) => `${method} ${path} ${status}`)).toEqual([
    'GET /api/orders 200',
    'POST /api/orders 201',
    'POST /api/orders 400',
    'POST /api/orders 404',
    'POST /api/orders 500',
    'GET /api/orders/revenue 200',
    'GET /api/orders/user/:userId 200',
    'GET /api/users 200',
    'POST /api/users 201',
    'POST /api/users 400',
    'POST /api/users 409',
    'GET /api/users/:userId 200',
    'GET /api/users/:userId 400',
    'GET /api/users/:userId 404',
    'GET <unmatched> 404',
  ]);
});

it('repeats itself for the same seed, and only for that', async () => {
  const [first, second, third] = [await startDemo(), await startDemo(), await startDemo()];
  const { rows } = await traffic(first, { requests: 200, seed: 1 });
  expect((await traffic(second, { requests: 200, seed: 1 })).rows).toEqual(rows);
  expect((await traffic(third, { requests: 200, seed: 2 })).rows).not.toEqual(rows);
});

it('runs twice against one demo without colliding, whatever the seeds', async () => {
  const demo = await startDemo();
  await traffic(demo, { requests: 50, seed: 1 });
  const { rows } = await traffic(demo, { requests: 50, seed: 11 });
  expect(rows.find(({ path, status }) => path === '/api/users' && status === '201')?.requests).toBeGreaterThan(1);
});

it('keeps to its rate', async () => {
  const demo = await startDemo();
  const url = await demo.listen();
  const start = performance.now();
  await sendTraffic({ url, requests: 11, seed: 1, ratePerSecond: 50 });
  expect(performance.now() - start).toBeGreaterThanOrEqual(199);
});
