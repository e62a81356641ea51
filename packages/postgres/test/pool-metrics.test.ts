/** The gauges show the pools as they are at each scrape, and keep none alive. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { MetricsRegistry } from '@tsukimi/metrics';
import { instrumentPool } from '@tsukimi/postgres';
import pg from 'pg';
import { expect, test } from 'vitest';
import { waitUntil } from '../../../test/support/wait-until.js';
import { collectGarbage } from '../../metrics/test/support/collect-garbage.js';
import { queries } from './support/counts.js';
import { database } from './support/database.js';

const { measured, pool: barePool } = await database();

const gauges = async (registry: MetricsRegistry) =>
  (await registry.expose()).split('\n').filter((line) => /^db_pool_(connections|waiting|limit)/.test(line));

test('what a pool has', async () => {
  const { pool, registry } = measured({ config: { max: 7 } });
  expect(await gauges(registry)).toEqual([
    'db_pool_connections{pool="main",state="used"} 0',
    'db_pool_connections{pool="main",state="idle"} 0',
    'db_pool_waiting{pool="main"} 0',
    'db_pool_limit{pool="main"} 7',
  ]);
  const [one, other] = [await pool.connect(), await pool.connect()];
  one.release();
  expect((await gauges(registry)).slice(0, 2)).toEqual([
    'db_pool_connections{pool="main",state="used"} 1',
    'db_pool_connections{pool="main",state="idle"} 1',
  ]);
  other.release();
  await pool.end();
  expect(await gauges(registry)).toEqual([]);
});

test('a pool that nobody has any more disappears', async () => {
  const registry = new MetricsRegistry();
  let pools = Array.from({ length: 100 }, (_, index) => instrumentPool(new pg.Pool(), { name: `pool${index}`, registry }));
  expect(await gauges(registry)).toHaveLength(4 * pools.length);
  pools = [];
  // What was looked at is kept until the turn is over, and what machine code has looked at for longer.
  await waitUntil('the pools are gone', async () => {
    await nextTurn();
    collectGarbage();
    return (await gauges(registry)).length < 40;
  });
});

test('after reset, all is counted again', async () => {
  const { pool, registry } = measured();
  await pool.query('SELECT 1');
  registry.resetMetrics();
  await pool.query('SELECT 1');
  expect(await queries(registry)).toEqual({ 'select <unnamed>': 1 });
  expect(await gauges(registry)).toContain('db_pool_connections{pool="main",state="idle"} 1');
});

test('after the registry was cleared, too', async () => {
  const { pool, registry } = measured();
  await pool.query('SELECT 1');
  registry.clear();
  expect(await gauges(registry)).toEqual([]);
  await pool.query('SELECT 1');
  expect(await queries(registry)).toEqual({ 'select <unnamed>': 1 });
  expect(await gauges(registry)).toContain('db_pool_connections{pool="main",state="idle"} 1');
});

test('a name that another metric takes in a cleared registry costs the metric, and no query', async () => {
  const { pool, registry } = measured();
  registry.clear();
  registry.counter({ name: 'db_query_duration_seconds', help: 'Another.' });
  expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
});

test('two registries show their own pools', async () => {
  const [one, other] = [new MetricsRegistry(), new MetricsRegistry()];
  const pools = [instrumentPool(barePool(), { name: 'a', registry: one }), instrumentPool(barePool(), { name: 'b', registry: other })];
  expect(await gauges(one)).toContain('db_pool_limit{pool="a"} 10');
  expect(await gauges(other)).toContain('db_pool_limit{pool="b"} 10');
  expect(pools).toHaveLength(2);
});
