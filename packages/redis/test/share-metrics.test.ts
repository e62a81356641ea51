/** Several processes add to the same totals, and each of them shows the totals of all. */
import { MetricsRegistry } from '@tsukimi/metrics';
import { type FleetView, type SharedMetricsOptions, shareMetrics } from '@tsukimi/redis';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { RedisServer } from '../../../test/support/redis-server.js';
import { requireBinary } from '../../../test/support/server-binary.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { startMember } from './support/members.js';

const REDIS = requireBinary('redis-server');

describe.skipIf(REDIS.skipReason)('a fleet', async () => {
  const redis = await RedisServer.start(REDIS.path);
  afterAll(() => redis[Symbol.asyncDispose]());
  let tests = 0;
  const fleet = (): SharedMetricsOptions & { readonly prefix: string } => {
    tests += 1;
    return { url: redis.url, prefix: `t${tests}:`, timeoutMs: 10_000, flushTimeoutMs: 10_000 };
  };

  test('has the totals of all members, also of one that is gone', async () => {
    const options = fleet();
    const [one, other] = [await startMember(options), await startMember(options)];
    await one.get('/greet/Ann', 3);
    await one.get('/greet/nobody');
    await other.get('/greet/Bob', 2);
    expect([await one.shared.stop(), await other.shared.flush()]).toEqual([true, true]);
    const view = (await other.metrics('/metrics?scope=fleet')) as FleetView;
    expect(view.endpoints['GET /greet/:name']).toMatchObject({ calls: 6, failures: 1 });
    expect(view.methods['Greeter.greet']).toMatchObject({ calls: 6, failures: 1 });
    const text = await other.metrics('/metrics/prometheus?scope=fleet');
    expect(text).toContain('http_requests_total{method="GET",path="/greet/:name",status="200"} 5\n');
    expect(text).toContain('http_requests_total{method="GET",path="/greet/:name",status="500"} 1\n');
    expect(text).toContain('http_request_duration_seconds_count{method="GET",path="/greet/:name"} 6\n');
    expect(text).toContain('component_calls_total{component="Greeter",method="greet",status="failure"} 1\n');
  });

  test('keeps plain numbers and ISO times, named as people call them', async () => {
    const { prefix, ...rest } = fleet();
    const member = await startMember({ ...rest, prefix });
    const before = new Date().toISOString();
    await member.get('/greet/Ann', 2);
    await member.get('/files/%7Bid%7D');
    const after = new Date().toISOString();
    await member.shared.flush();
    const get = (key: string) => redis.ask('GET', `${prefix}${key}`);
    expect(await get('endpoint_calls:GET /greet/:name')).toBe('2');
    expect(await get('endpoint_failures:GET /greet/:name')).toBe('0');
    expect(await get('endpoint_calls:GET /files/%7Bid%7D')).toBe('1');
    expect(await get('method_calls:Greeter.greet')).toBe('2');
    const [last, lastOfMethod] = [await get('last_called:GET /greet/:name'), await get('method_last_called:Greeter.greet')].map(String);
    for (const time of [last, lastOfMethod]) expect([before, time, after].sort()).toEqual([before, time, after]);
    expect(await redis.ask('HGET', `${prefix}counter:http_requests_total`, 'method=GET&path=/greet/:name&status=200')).toBe('2');
  });

  test('has the percentiles of all values, and histograms of one member that are the same in the fleet', async () => {
    const registry = new MetricsRegistry();
    const shared = shareMetrics(registry, { ...fleet(), intervalMs: 1_000_000 });
    onTestFinished(() => void shared.stop({ timeoutMs: 0 }));
    const sizes = registry.histogram({ name: 'sizes_bytes', help: 'Sizes.', labelNames: ['of'], buckets: [1, 10, 100] });
    for (let value = 0; value <= 1000; value += 1) sizes.observe({ of: 'a & b = {c} %' }, value / 4);
    await shared.flush();
    const lines = (text: string) => text.split('\n').filter((line) => line.startsWith('sizes_bytes'));
    const totals = await shared.fleetRegistry();
    expect(lines(await totals.expose())).toEqual(lines(await registry.expose()));
    const quantile = async (from: MetricsRegistry) =>
      (from.getSingleMetric('sizes_bytes') as unknown as typeof sizes).labels({ of: 'a & b = {c} %' }).distribution.quantile(0.95);
    expect(await quantile(totals)).toBe(await quantile(registry));
  });

  test('has every kind of metric, and gauges by process', async () => {
    const options = fleet();
    const registries = [new MetricsRegistry(), new MetricsRegistry({ defaultLabels: { zone: 'b' } })];
    for (const [index, registry] of registries.entries()) {
      registry.counter({ name: 'words_total', help: 'Words.' }).inc(index + 0.5);
      registry
        .gauge({ name: 'depth', help: 'Depth.', labelNames: ['queue'] })
        .set({ queue: 'q' }, index === 0 ? Number.POSITIVE_INFINITY : 7);
      registry.summary({ name: 'took_seconds', help: 'Took.' }).observe(index + 1);
      registry.info({ name: 'build_info', help: 'Build.', labelNames: ['version'] }).set({ version: `${index}.0` });
      registry.stateSet({ name: 'phase', help: 'Phase.', states: ['day', 'night'] }).set(index === 0 ? 'day' : 'night');
    }
    const members = registries.map((registry) => shareMetrics(registry, { ...options, intervalMs: 1_000_000 }));
    onTestFinished(() => void members.map((member) => member.stop({ timeoutMs: 0 })));
    for (const member of members) await member.flush();
    const text = await (await (members[0] as (typeof members)[number]).fleetRegistry()).expose();
    const lines = text.replaceAll(/fleet_process="[^"]*:(\d+):[0-9a-f]{8}"/g, 'fleet_process="p"').split('\n');
    expect(lines.filter((line) => /^(words|depth|took|build|phase)/.test(line)).sort()).toEqual([
      'build_info{fleet_process="p",version="0.0"} 1',
      'build_info{fleet_process="p",version="1.0",zone="b"} 1',
      'depth{fleet_process="p",queue="q",zone="b"} 7',
      'depth{fleet_process="p",queue="q"} +Inf',
      'phase{fleet_process="p",phase="day"} 1',
      'phase{fleet_process="p",phase="night"} 0',
      'phase{fleet_process="p",zone="b",phase="day"} 0',
      'phase{fleet_process="p",zone="b",phase="night"} 1',
      'took_seconds_count 1',
      'took_seconds_count{zone="b"} 1',
      'took_seconds_sum 1',
      'took_seconds_sum{zone="b"} 2',
      'words_total 0.5',
      'words_total{zone="b"} 1.5',
    ]);
  });

  test('forgets the gauges of a member that is gone, not its counts', async () => {
    const options = { ...fleet(), gaugeTtlMs: 300 };
    const [gone, alive] = [await startMember(options), await startMember({ ...options, gaugeTtlMs: 60_000 })];
    await gone.get('/greet/Ann');
    await gone.shared.stop();
    await alive.shared.flush();
    await waitUntil('the gauges expire', async () => ((await alive.metrics('/metrics?scope=fleet')) as FleetView).processes.length === 1);
    const text = String(await alive.metrics('/metrics/prometheus?scope=fleet'));
    expect(text.match(/^http_requests_in_flight\{/gm)).toHaveLength(1);
    expect(text).toContain('http_requests_total{method="GET",path="/greet/:name",status="200"} 1\n');
  });

  test('can be read in every format, and by name', async () => {
    const member = await startMember(fleet());
    await member.get('/greet/Ann');
    await member.shared.flush();
    const { server } = member;
    const response = await server.inject({
      url: '/metrics/prometheus?scope=fleet&name[]=http_requests_total',
      headers: { accept: 'application/openmetrics-text;version=1.0.0' },
    });
    expect(response.body).toMatch(
      /^# TYPE http_requests counter\n# HELP .*\nhttp_requests_total\{method="GET",path="\/greet\/:name",status="200"\} 1\nhttp_requests_created\{.*\n# EOF\n$/,
    );
  });

  test('is unreadable while Redis is away: 503, and the member itself is still shown', async () => {
    await using other = await RedisServer.start(REDIS.path);
    const member = await startMember({ url: `redis://:secret@127.0.0.1:${other.port}`, timeoutMs: 500 });
    await other.kill();
    const response = await member.server.inject('/metrics?scope=fleet');
    expect([response.statusCode, response.body.includes('secret')]).toEqual([503, false]);
    await expect(member.shared.fleetView()).rejects.toThrow(
      `The totals of the fleet can't be read from redis://127.0.0.1:${other.port}: connect ECONNREFUSED`,
    );
    expect((await member.server.inject('/metrics/prometheus')).statusCode).toBe(200);
  });
});
