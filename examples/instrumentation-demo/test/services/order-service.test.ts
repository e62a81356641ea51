import { expect, it } from 'vitest';
import { get, post, startDemo } from '../support/demo.js';
import { samplesOf } from '../support/scrape.js';

const LAMP = { user_id: 1, product_type: 'lamp', amount: 19.99, region: 'eu' };

it('records writes, result sizes, full scans and aggregations, and nothing for what was refused', async () => {
  const demo = await startDemo();
  await post(demo, '/api/users', { username: 'tsuki', email: 'tsuki@example.com' });
  await get(demo, '/api/orders/revenue');
  for (let order = 0; order < 11; order++) await post(demo, '/api/orders', LAMP);
  await post(demo, '/api/orders', { ...LAMP, user_id: 2 });
  await get(demo, '/api/orders/user/2');
  await get(demo, '/api/orders/user/1');
  for (let time = 0; time < 2; time++) await get(demo, '/api/orders');
  await get(demo, '/api/orders/revenue');

  expect(await samplesOf(demo, 'database_writes_total')).toEqual([[{ table: 'orders', operation: 'insert' }, 11]]);
  expect(await samplesOf(demo, 'database_full_scan_total')).toEqual([[{ table: 'orders' }, 4]]);
  expect(await samplesOf(demo, 'expensive_aggregation_total')).toEqual([
    [{ operation: 'revenue', records_processed: '0' }, 1],
    [{ operation: 'revenue', records_processed: '11-100' }, 1],
  ]);
  const sizes = { revenue: [2, 11], by_user: [1, 11], all: [2, 22] };
  const counts = await samplesOf(demo, 'database_query_rows_returned_count');
  const sums = await samplesOf(demo, 'database_query_rows_returned_sum');
  expect(counts).toEqual(Object.entries(sizes).map(([query_type, [count]]) => [{ table: 'orders', query_type }, count]));
  expect(sums).toEqual(Object.entries(sizes).map(([query_type, [, sum]]) => [{ table: 'orders', query_type }, sum]));
  const buckets = (await samplesOf(demo, 'database_query_rows_returned_bucket')).filter(([labels]) => labels['query_type'] === 'revenue');
  expect(buckets.map(([{ le }, count]) => [le, count])).toEqual([
    ['0', 1],
    ['1', 1],
    ['10', 1],
    ['100', 2],
    ['1000', 2],
    ['10000', 2],
    ['+Inf', 2],
  ]);
});
