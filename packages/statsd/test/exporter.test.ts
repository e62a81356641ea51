/** The datagrams, byte by byte. */
import { MetricsRegistry } from '@tsukimi/metrics';
import { type ExportToStatsdOptions, exportToStatsd } from '@tsukimi/statsd';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { PacketListener } from './support/packet-listener.js';

afterEach(() => vi.unstubAllEnvs());

/** No push of its own, and none that fails because the machine is busy. */
const PATIENT = { intervalMs: 60_000, timeoutMs: 20_000, flushTimeoutMs: 20_000 };

const ABOUT_ITSELF = /^(exporter|statsd|metrics)\./;

/** One push of what a registry has: what arrived, without the metrics about the exporter. */
async function pushed(registry: MetricsRegistry, options: ExportToStatsdOptions = {}): Promise<{ lines: string[]; packets: Buffer[] }> {
  await using listener = await PacketListener.open();
  const loop = exportToStatsd(registry, { port: listener.port, ...PATIENT, ...options });
  registry.gauge({ name: 'last', help: 'The last line.' }).set(1);
  await loop.stop();
  await listener.until(/^([\w.]+\.)?last[^:]*:1\|g/);
  const own = options.prefix === undefined ? ABOUT_ITSELF : new RegExp(`^${options.prefix}\\.(exporter|statsd|metrics)\\.`);
  return { lines: listener.lines.filter((line) => !own.test(line)), packets: listener.packets };
}

function everyKind(): MetricsRegistry {
  const registry = new MetricsRegistry();
  registry
    .counter({ name: 'http_requests_total', help: 'h', labelNames: ['method', 'path', 'status'] })
    .inc({ method: 'GET', path: '/api/users', status: '200' }, 3);
  registry.gauge({ name: 'queue_depth', help: 'h', labelNames: ['queue'] }).set({ queue: 'mail' }, -2.5);
  const histogram = registry.histogram({ name: 'wait_seconds', help: 'h', buckets: [1, 2] });
  for (let value = 1; value <= 100; value += 1) histogram.observe(value / 64);
  const summary = registry.summary({ name: 'size_bytes', help: 'h', quantiles: [0.5] });
  for (const value of [10, 10, 10]) summary.observe(value);
  registry.info({ name: 'app_info', help: 'h', labelNames: ['version'] }).set({ version: '1.2.3' });
  registry.stateSet({ name: 'door', help: 'h', states: ['open', 'shut'] }).set('open');
  return registry;
}

describe('the mode plain', () => {
  test('has each kind of metric in names', async () => {
    const { lines } = await pushed(everyKind(), { quantiles: [0.5, 0.999] });
    expect(lines).toEqual([
      'http.requests.GET.api_users.200:3|c',
      'queue.depth.mail:0|g',
      'queue.depth.mail:-2.5|g',
      'wait.seconds.count:100|c',
      'wait.seconds.sum:78.90625|c',
      expect.stringMatching(/^wait\.seconds\.p50:0\.7\d+\|g$/),
      expect.stringMatching(/^wait\.seconds\.p99_9:1\.5\d+\|g$/),
      'size.bytes.count:3|c',
      'size.bytes.sum:30|c',
      'size.bytes.p50:10|g',
      expect.stringMatching(/^app\.info\.1_2_3--[\da-f]{8}:1\|g$/),
      'door.open:1|g',
      'door.shut:0|g',
      'last:1|g',
    ]);
  });

  test('keeps the place of a label that is empty, and appends default labels with their names', async () => {
    const registry = new MetricsRegistry();
    registry.setDefaultLabels({ instance: 'a1' });
    const counter = registry.counter({ name: 'hits_total', help: 'h', labelNames: ['one', 'two'] });
    counter.inc({ one: 'x', two: '' });
    counter.inc({ one: '', two: 'x' });
    const { lines } = await pushed(registry, { prefix: 'shop.api', quantiles: [] });
    expect(lines.slice(0, 2)).toEqual(['shop.api.hits.x.-.instance.a1:1|c', 'shop.api.hits.-.x.instance.a1:1|c']);
  });

  test('has large, small and uneven numbers without an exponent', async () => {
    const registry = new MetricsRegistry();
    const gauge = registry.gauge({ name: 'g', help: 'h', labelNames: ['x'] });
    for (const [x, value] of Object.entries({ a: 1e21, b: 1e-7, c: Number.POSITIVE_INFINITY, d: Number.NEGATIVE_INFINITY, e: 0 }))
      gauge.set({ x }, value);
    const counter = registry.counter({ name: 'c_total', help: 'h' });
    counter.inc(0.1);
    counter.inc(0.2);
    const { lines } = await pushed(registry);
    expect(lines).toEqual(['g.a:1000000000000000000000|g', 'g.b:0.0000001|g', 'g.e:0|g', 'c:0.30000000000000004|c', 'last:1|g']);
    expect(await registry.expose({ names: ['statsd_dropped_total'] })).toContain('statsd_dropped_total{reason="not_finite"} 2');
  });

  test('gives the second of two series that would have one name a hash, and says so once', async () => {
    const registry = new MetricsRegistry();
    registry.gauge({ name: 'jobs', help: 'h' }).set(1);
    registry.counter({ name: 'jobs_total', help: 'h' }).inc(2);
    registry.counter({ name: 'jobs_a', help: 'h', labelNames: ['x'] }).inc({ x: 'b' }, 3);
    registry.counter({ name: 'jobs_a_b', help: 'h' }).inc(4);
    const warnings: string[] = [];
    const logger = { info: () => undefined, warn: (_: object, message: string) => void warnings.push(message) };
    const { lines } = await pushed(registry, { logger });
    expect(lines.slice(0, 4)).toEqual([
      'jobs:1|g',
      expect.stringMatching(/^jobs--[\da-f]{8}:2\|c$/),
      'jobs.a.b:3|c',
      expect.stringMatching(/^jobs\.a\.b--[\da-f]{8}:4\|c$/),
    ]);
    expect(warnings).toEqual([
      expect.stringContaining('jobs_total would have the name jobs'),
      expect.stringContaining('jobs_a_b would have the name jobs.a.b'),
    ]);
  });
});

describe('the mode dogstatsd', () => {
  test('has each kind of metric with tags', async () => {
    vi.stubEnv('DD_SERVICE', 'shop');
    vi.stubEnv('DD_ENV', 'live');
    vi.stubEnv('DD_VERSION', '');
    // They belong to hot-shots, which must not add anything.
    vi.stubEnv('DD_TAGS', 'not:ours');
    vi.stubEnv('DD_ENTITY_ID', 'not-ours');
    const { packets } = await pushed(everyKind(), {
      mode: 'dogstatsd',
      tags: { env: 'test', method: 'none' },
      quantiles: [1],
      maxPacketBytes: 65_507,
    });
    // The metrics about the exporter and the registry are in the same packets.
    const first = packets
      .map(String)
      .join('\n')
      .split('\n')
      .filter((line) => !/^(exporter|statsd|metrics|last)\./.test(line) && !line.startsWith('last:'))
      .join('\n');
    const bytes = Buffer.from(
      [
        'http.requests:3|c|#service:shop,env:test,method:GET,path:/api/users,status:200',
        'queue.depth:0|g|#service:shop,env:test,method:none,queue:mail',
        'queue.depth:-2.5|g|#service:shop,env:test,method:none,queue:mail',
        'wait.seconds.count:100|c|#service:shop,env:test,method:none',
        'wait.seconds.sum:78.90625|c|#service:shop,env:test,method:none',
        `wait.seconds.p100:${2 ** (10.5 / 16)}|g|#service:shop,env:test,method:none`,
        'size.bytes.count:3|c|#service:shop,env:test,method:none',
        'size.bytes.sum:30|c|#service:shop,env:test,method:none',
        'size.bytes.p50:10|g|#service:shop,env:test,method:none',
        'app.info:1|g|#service:shop,env:test,method:none,version:1.2.3',
        'door:1|g|#service:shop,env:test,method:none,door:open',
        'door:0|g|#service:shop,env:test,method:none,door:shut',
      ].join('\n'),
    );
    expect(first).toBe(bytes.toString());
  });
});

describe('packets', () => {
  test('are full and no longer than their limit; a line that does not fit is left out, counted and reported once', async () => {
    const registry = new MetricsRegistry();
    const counter = registry.counter({ name: 'parts_total', help: 'h', labelNames: ['part'] });
    for (let part = 0; part < 200; part += 1) counter.inc({ part: `part-${part}` }, part);
    for (const long of ['x', 'y']) counter.inc({ part: `${long}`.repeat(120) });
    const warnings: object[] = [];
    const logger = { info: () => undefined, warn: (details: object, message: string) => void warnings.push({ ...details, message }) };
    const { packets, lines } = await pushed(registry, { maxPacketBytes: 100, logger });
    expect(lines).toEqual([...Array.from({ length: 200 }, (_, part) => `parts.part-${part}:${part}|c`), 'last:1|g']);
    for (const [index, packet] of packets.entries()) {
      expect(packet.length).toBeLessThanOrEqual(100);
      const next = packets[index + 1]?.toString().split('\n')[0] ?? 'x'.repeat(100);
      expect(packet.length + 1 + next.length).toBeGreaterThan(100);
    }
    expect(warnings).toEqual([
      { exporter: 'statsd', code: 'TSK_ERR_STATSD_LINE', message: expect.stringContaining('A series of parts_total is not sent') },
    ]);
    expect(await registry.expose({ names: ['statsd_dropped_total'] })).toContain('statsd_dropped_total{reason="too_long"} 2');
  });

  test('fit into an Ethernet frame by default', async () => {
    const registry = new MetricsRegistry();
    const counter = registry.counter({ name: 'parts_total', help: 'h', labelNames: ['part'] });
    for (let part = 0; part < 500; part += 1) counter.inc({ part: `part-${part}` });
    const { packets } = await pushed(registry);
    const longest = Math.max(...packets.map(({ length }) => length));
    expect(longest).toBeLessThanOrEqual(1432);
    expect(longest).toBeGreaterThan(1400);
  });

  test('have the increase since the last push, and all gauges each time', async () => {
    await using listener = await PacketListener.open();
    const registry = new MetricsRegistry();
    const counter = registry.counter({ name: 'c_total', help: 'h', labelNames: ['x'] });
    const info = registry.info({ name: 'i', help: 'h', labelNames: ['x'] });
    registry.gauge({ name: 'g', help: 'h' }).set(7);
    counter.inc({ x: 'a' }, 5);
    info.set({ x: 'old' });
    const loop = exportToStatsd(registry, { port: listener.port, ...PATIENT });
    await loop.flush();
    registry.removeSingleMetric('i');
    counter.inc({ x: 'a' }, 2);
    counter.remove({ x: 'a' });
    counter.inc({ x: 'a' }, 1);
    await loop.stop();
    await listener.until('c.a:3|c');
    await listener.until('i.old:0|g');
    const linesOf = (name: string) => listener.lines.filter((line) => line.startsWith(name));
    expect(linesOf('c.')).toEqual(['c.a:5|c', 'c.a:3|c']);
    expect(linesOf('i.')).toEqual(['i.old:1|g', 'i.old:0|g']);
    const gauges = linesOf('g:');
    expect(gauges.length).toBeGreaterThan(1);
    expect(new Set(gauges)).toEqual(new Set(['g:7|g']));
  });
});

/** One line by the protocol, strictly. @see https://docs.datadoghq.com/developers/dogstatsd/datagram_shell/ */
const LINE = /^([A-Za-z][\w.-]{0,199}):(-?\d+(?:\.\d+)?)\|(c|g)(?:\|#([^,|\n]+(?:,[^,|\n]+)*))?$/u;

test('whatever the labels are, each datagram keeps to the protocol of DogStatsD, and each series arrives as one', async () => {
  await using listener = await PacketListener.open();
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 250 }),
    fc.string({ unit: fc.constantFrom('a', ',', '|', '\n', ':', '#', '@', ' '), maxLength: 4 }),
  );
  const sets = fc.uniqueArray(fc.record({ one: text, two: text }), {
    maxLength: 30,
    selector: ({ one, two }) => JSON.stringify([one, two]),
  });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(sets, fc.constantFrom('plain' as const, 'dogstatsd' as const), async (labels, mode) => {
      run += 1;
      listener.packets.length = 0;
      const registry = new MetricsRegistry();
      const counter = registry.counter({ name: 'c_total', help: 'h', labelNames: ['one', 'two'] });
      for (const [index, each] of labels.entries()) counter.inc(each, 2 ** index);
      registry.gauge({ name: `last_${run}`, help: 'h' }).set(1);
      await exportToStatsd(registry, { port: listener.port, mode, ...PATIENT }).stop();
      await listener.until(`last.${run}:`);
      const sums = new Map<string, number>();
      for (const line of listener.lines) {
        const [, name, value, , tags] = LINE.exec(line) ?? expect.fail(`not a line: ${JSON.stringify(line)}`);
        for (const tag of tags?.split(',') ?? []) expect([...tag].length).toBeLessThanOrEqual(200);
        const series = `${name} ${tags}`;
        if (/^c\b/.test(line)) sums.set(series, (sums.get(series) ?? 0) + Number(value));
      }
      // The registry shortens and joins label values of its own; each of its series has one line here.
      const recorded: number[] = [];
      for await (const family of registry.read({ names: ['c_total'] }))
        if (family.type === 'counter') recorded.push(...family.points.map(({ value }) => value));
      expect([...sums.values()].sort()).toEqual(recorded.sort());
    }),
    { numRuns: 20 },
  );
}, 60_000);
