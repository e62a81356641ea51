/** How the metrics of several processes become one, by their kind. */
import { type Aggregator, ChangesReader, type Histogram, type MetricError, MetricsRegistry, Totals } from '@tsukimi/metrics';
import * as promClient from 'prom-client';
import { describe, expect, test } from 'vitest';

const COLLECTING = { timeoutMs: 20_000 };

/** Processes whose totals are in one registry. */
class Processes {
  readonly errors: MetricError[] = [];
  readonly registry: MetricsRegistry;
  readonly totals: Totals;
  readonly increases: [worker: number | string, metric: string, amount: number][] = [];
  #incarnations = 0;

  constructor(maxSeriesPerMetric = 100) {
    this.registry = new MetricsRegistry({ maxSeriesPerMetric, onError: (error) => this.errors.push(error) });
    this.totals = new Totals({
      registry: this.registry,
      onIncrease: ({ worker }, metric, amount) => this.increases.push([worker, metric, amount]),
    });
  }

  start(worker: number, options?: ConstructorParameters<typeof MetricsRegistry>[0]) {
    this.#incarnations += 1;
    const source = { worker, incarnation: this.#incarnations };
    const registry = new MetricsRegistry(options);
    const reader = new ChangesReader(registry);
    const send = async (): Promise<void> => {
      const changes = await reader.read();
      if (changes !== undefined) this.totals.apply(source, structuredClone(changes));
    };
    return { registry, reader, send, end: () => this.totals.end(source) };
  }

  /** The lines of the text with this name, without comments. */
  async lines(name: string): Promise<string[]> {
    const text = await this.registry.expose({ names: [name] });
    return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  }

  get codes(): string[] {
    return this.errors.map(({ code }) => code);
  }
}

describe('gauges', () => {
  test.each([
    ['sum', '9'],
    ['max', '4'],
    ['min', '2'],
    ['avg', '3'],
    ['last', '4'],
    ['first', '3'],
  ] as const)('are merged by %s', async (aggregator, merged) => {
    const all = new Processes();
    for (const [worker, value] of [
      [1, 3],
      [2, 2],
      [3, 4],
    ] as const) {
      const { registry, send } = all.start(worker);
      registry.gauge({ name: 'depth', help: 'Depth.', aggregator }).set(value);
      await send();
    }
    expect(await all.lines('depth')).toEqual([`depth ${merged}`]);
  });

  test('of the mode worker have one series for each worker, in which a new process follows the old one', async () => {
    const all = new Processes();
    const options = { name: 'depth', help: 'Depth.', labelNames: ['queue', 'worker'], aggregator: 'worker' } as const;
    const [first, second] = [all.start(1), all.start(2)];
    first.registry.gauge(options).set({ queue: 'mail', worker: 'x' }, 3);
    second.registry.gauge(options).set({ queue: 'mail', worker: 'x' }, 5);
    await first.send();
    await second.send();
    const next = all.start(1);
    next.registry.gauge(options).set({ queue: 'mail', worker: 'x' }, 8);
    await next.send();
    first.registry.gauge(options).set({ queue: 'mail', worker: 'x' }, 4);
    await first.send();
    expect(await all.lines('depth')).toEqual([
      'depth{queue="mail",exported_worker="x",worker="1"} 8',
      'depth{queue="mail",exported_worker="x",worker="2"} 5',
    ]);
    next.end();
    first.end();
    expect(await all.lines('depth')).toEqual(['depth{queue="mail",exported_worker="x",worker="2"} 5']);
  });

  test('of a process that has ended disappear, and so do those that a process removes', async () => {
    const all = new Processes();
    const [first, second] = [all.start(1), all.start(2)];
    for (const [{ registry, send }, value] of [
      [first, 1],
      [second, 2],
    ] as const) {
      registry.gauge({ name: 'plain', help: 'Plain.' }).set(value);
      registry.gauge({ name: 'depth', help: 'Depth.', labelNames: ['queue'] }).set({ queue: `q${value}` }, value);
      await send();
    }
    first.end();
    expect(await all.lines('plain')).toEqual(['plain 2']);
    expect(await all.lines('depth')).toEqual(['depth{queue="q2"} 2']);
    second.registry.gauge({ name: 'depth', help: 'Depth.', labelNames: ['queue'] }).remove({ queue: 'q2' });
    await second.send();
    expect(await all.lines('depth')).toEqual([]);
    second.end();
    expect(await all.lines('plain')).toEqual([]);
    // What a process that has ended had sent before comes too late for a current value.
    second.registry.gauge({ name: 'plain', help: 'Plain.' }).set(9);
    second.registry.counter({ name: 'late_total', help: 'Late.' }).inc(4);
    await second.send();
    expect(await all.lines('plain')).toEqual([]);
    expect(await all.lines('late_total')).toEqual(['late_total 4']);
  });

  test('that nobody has set yet do not replace the last value, and those to be omitted are not there', async () => {
    const all = new Processes();
    const [first, second] = [all.start(1), all.start(2)];
    first.registry.gauge({ name: 'limit', help: 'Limit.', aggregator: 'last' }).set(7);
    await first.send();
    second.registry.gauge({ name: 'limit', help: 'Limit.', aggregator: 'last' });
    second.registry.gauge({ name: 'secret', help: 'Secret.', aggregator: 'omit' }).set(1);
    await second.send();
    expect(await all.lines('limit')).toEqual(['limit 7']);
    expect(await all.lines('secret')).toEqual([]);
  });

  test('refuse an unknown mode', () => {
    const wrong = () => new MetricsRegistry().gauge({ name: 'depth', help: 'Depth.', aggregator: 'median' as Aggregator });
    expect(wrong).toThrow(expect.objectContaining({ code: 'TSK_ERR_METRIC_OPTION', message: expect.stringContaining('median') }));
  });

  test('with a collect function that fails are missing from the totals, and back when it works', async () => {
    const all = new Processes();
    const { registry, reader, send } = all.start(1, { onError() {} });
    let fails = false;
    registry.gauge({
      name: 'depth',
      help: 'Depth.',
      collect() {
        if (fails) throw new Error('away');
        this.set(6);
      },
    });
    await send();
    expect(await all.lines('depth')).toEqual([]);
    await reader.collect(COLLECTING);
    await send();
    expect(await all.lines('depth')).toEqual(['depth 6']);
    fails = true;
    await reader.collect(COLLECTING);
    await send();
    expect(await all.lines('depth')).toEqual([]);
    fails = false;
    await reader.collect(COLLECTING);
    await send();
    expect(await all.lines('depth')).toEqual(['depth 6']);
  });

  test('whose collect function takes too long come later', async () => {
    const all = new Processes();
    const { registry, reader, send } = all.start(1);
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    registry.gauge({
      name: 'slow',
      help: 'Slow.',
      async collect() {
        await ended;
        this.set(5);
      },
    });
    await reader.collect({ timeoutMs: 1 });
    await send();
    expect(await all.lines('slow')).toEqual([]);
    end();
    await reader.collect(COLLECTING);
    await send();
    expect(await all.lines('slow')).toEqual(['slow 5']);
  });
});

describe('infos and state sets', () => {
  test('are those of the latest process, and fall back to the ones before', async () => {
    const all = new Processes();
    const [old, young] = [all.start(1), all.start(1)];
    for (const [{ registry, send }, version] of [
      [young, '2'],
      [old, '1'],
    ] as const) {
      registry.info({ name: 'application_info', help: 'Version.', labelNames: ['version'] }).set({ version });
      registry.stateSet({ name: 'mode', help: 'Mode.', states: ['on', `v${version}`] }).set(`v${version}`);
      await send();
    }
    expect(await all.lines('application_info')).toEqual(['application_info{version="2"} 1']);
    expect(await all.lines('mode')).toEqual(['mode{mode="on"} 0', 'mode{mode="v2"} 0', 'mode{mode="v1"} 1']);
    old.end();
    expect(await all.lines('mode')).toEqual(['mode{mode="on"} 0', 'mode{mode="v2"} 1', 'mode{mode="v1"} 0']);
    young.end();
    expect(await all.lines('application_info')).toEqual(['application_info{version="2"} 1']);
  });
});

describe('what is counted', () => {
  test('has the newest exemplars and the earliest creation time', async () => {
    const all = new Processes();
    const [first, second] = [all.start(1), all.start(2)];
    const counter = (registry: MetricsRegistry) => registry.counter({ name: 'orders_total', help: 'Orders.' });
    const histogram = (registry: MetricsRegistry) => registry.histogram({ name: 'size_bytes', help: 'Sizes.', buckets: [1, 10] });
    for (const [{ registry }, trace_id] of [
      [first, 'one'],
      [second, 'two'],
    ] as const) {
      counter(registry).inc(1, { exemplar: { trace_id } });
      histogram(registry).observe(5, { exemplar: { trace_id } });
    }
    const createdSeconds = counter(first.registry).series[0]?.createdSeconds;
    await second.send();
    await first.send();
    const [total] = counter(all.registry).series;
    expect(total).toMatchObject({ value: 2, exemplar: { labels: { trace_id: 'two' } } });
    expect(Math.min(total?.createdSeconds ?? 0, createdSeconds ?? 0)).toBe(total?.createdSeconds);
    expect(histogram(all.registry).series[0]?.exemplars?.[1]).toMatchObject({ labels: { trace_id: 'two' } });
    expect(all.increases).toContainEqual([1, 'size_bytes', 1]);
  });

  test('keeps to the limit of series, past which nothing is lost', async () => {
    const all = new Processes(3);
    for (const worker of [1, 2]) {
      const { registry, send } = all.start(worker);
      const orders = registry.counter({ name: 'orders_total', help: 'Orders.', labelNames: ['shop', 'kind'] });
      for (const shop of ['a', 'b', 'c']) orders.inc({ shop: `${shop}${worker}`, kind: 'x' }, worker);
      await send();
    }
    expect(await all.lines('orders_total')).toEqual([
      'orders_total{shop="a1",kind="x"} 1',
      'orders_total{shop="b1",kind="x"} 1',
      'orders_total{shop="c1",kind="x"} 1',
      'orders_total{shop="__overflow__",kind="__overflow__"} 6',
    ]);
    expect(all.codes).toContain('TSK_ERR_METRIC_SERIES_BUDGET');
  });

  test('of a process past its own limit is in the overflow of the totals', async () => {
    const all = new Processes();
    const { registry, send } = all.start(1, { maxSeriesPerMetric: 1, onError() {} });
    const orders = registry.counter({ name: 'orders_total', help: 'Orders.', labelNames: ['shop', 'kind'] });
    for (const shop of ['a', 'b', 'c']) orders.inc({ shop, kind: 'x' });
    await send();
    expect(await all.lines('orders_total')).toEqual([
      'orders_total{shop="a",kind="x"} 1',
      'orders_total{shop="__overflow__",kind="__overflow__"} 2',
    ]);
  });

  test('of prom-client is merged too, with the modes of its gauges', async () => {
    const all = new Processes();
    for (const worker of [1, 2]) {
      const { registry, reader, send } = all.start(worker);
      const registers = [registry as unknown as promClient.Registry];
      new promClient.Counter({ name: 'jobs_total', help: 'Jobs.', labelNames: ['kind'], registers }).inc({ kind: 'x' }, worker);
      new promClient.Gauge({ name: 'lag', help: 'Lag.', aggregator: 'max', registers }).set(worker);
      new promClient.Histogram({ name: 'size', help: 'Size.', buckets: [1, 5], registers }).observe(worker * 2);
      new promClient.Summary({ name: 'wait', help: 'Wait.', registers }).observe(worker);
      await reader.collect(COLLECTING);
      await send();
      await reader.collect(COLLECTING);
      await send();
    }
    expect(await all.lines('jobs_total')).toEqual(['jobs_total{kind="x"} 3']);
    expect(await all.lines('lag')).toEqual(['lag 2']);
    expect(await all.lines('size')).toEqual([
      'size_bucket{le="1"} 0',
      'size_bucket{le="5"} 2',
      'size_bucket{le="+Inf"} 2',
      'size_sum 6',
      'size_count 2',
    ]);
    expect(await all.lines('wait')).toEqual(['wait_sum 3', 'wait_count 2']);
  });
});

describe('processes that do not agree', () => {
  test('on buckets: the totals keep theirs, and nothing is lost', async () => {
    const all = new Processes();
    const [first, second] = [all.start(1), all.start(2)];
    first.registry.histogram({ name: 'size_bytes', help: 'Sizes.', buckets: [1, 10] }).observe(5);
    second.registry.histogram({ name: 'size_bytes', help: 'Sizes.', buckets: [1, 5, 20] }).observe(4);
    await first.send();
    await second.send();
    expect(await all.lines('size_bytes')).toEqual([
      'size_bytes_bucket{le="1"} 0',
      'size_bytes_bucket{le="10"} 2',
      'size_bytes_bucket{le="+Inf"} 2',
      'size_bytes_sum 9',
      'size_bytes_count 2',
    ]);
    expect(all.errors.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^size_bytes: worker 2 has it with buckets 1, 5, 20, /),
    ]);
  });

  test('on buckets: what such totals send on has the fine buckets of all values', async () => {
    const [threads, application] = [new Processes(), new Processes()];
    const [first, second, process] = [threads.start(1), threads.start(2), new ChangesReader(threads.registry)];
    const wide = first.registry.histogram({ name: 'size_bytes', help: 'Sizes.', buckets: [1, 10, 100] });
    const other = second.registry.histogram({ name: 'size_bytes', help: 'Sizes.', buckets: [3, 50] });
    // The totals have the buckets of the first, so a 5 of the second is in another one there than a 5 of the first.
    const rounds = [
      [wide, 5],
      [other, 5],
      [wide, 2, 40],
      [other, 0, 0.5, 1, 3, 3.1, 1000],
      [wide, 0],
      [other, 5],
    ] as const;
    for (const [size, ...values] of rounds) {
      for (const value of values) size.observe(value);
      for (const { send } of [first, second]) await send();
      const changes = await process.read();
      if (changes !== undefined) application.totals.apply({ worker: 1, incarnation: 1 }, structuredClone(changes));
    }
    const [sent, kept] = [application, threads].map(({ registry }) => {
      const [series] = (registry.getSingleMetric('size_bytes') as unknown as Histogram<string>).series;
      return series?.distribution.snapshot();
    });
    expect(sent?.count).toBe(12);
    expect(sent).toEqual(kept);
  });

  test('on labels: the totals have the labels of both', async () => {
    const all = new Processes();
    const [first, second] = [all.start(1), all.start(2)];
    first.registry.counter({ name: 'orders_total', help: 'Orders.', labelNames: ['shop'] }).inc({ shop: 'a' });
    second.registry.counter({ name: 'orders_total', help: 'All orders.', labelNames: ['kind', 'shop'] }).inc({ kind: 'x', shop: 'a' });
    for (const { send } of [first, second]) await send();
    first.registry.counter({ name: 'orders_total', help: 'Orders.', labelNames: ['shop'] }).inc({ shop: 'a' });
    await first.send();
    expect(await all.lines('orders_total')).toEqual(['orders_total{shop="a"} 2', 'orders_total{shop="a",kind="x"} 1']);
    expect(await all.registry.expose({ names: ['orders_total'] })).toContain('# HELP orders_total All orders.');
    expect(all.codes).toEqual([]);
  });

  test('on the type: that of the process that started last is shown, in whichever order they send', async () => {
    for (const order of ['old first', 'new first']) {
      const all = new Processes();
      const [old, young] = [all.start(1), all.start(1)];
      old.registry.counter({ name: 'orders', help: 'Orders.' }).inc(5);
      young.registry.gauge({ name: 'orders', help: 'Orders.' }).set(2);
      for (const { send } of order === 'old first' ? [old, young] : [young, old]) await send();
      expect(await all.lines('orders')).toEqual(['orders 2']);
      expect(all.codes).toEqual(['TSK_ERR_TOTAL_CONFLICT']);
    }
  });

  test('on names of samples, or on the layout of messages: the rest is shown', async () => {
    const all = new Processes();
    const [first, second] = [all.start(1), all.start(2)];
    first.registry.histogram({ name: 'size', help: 'Sizes.' });
    second.registry.counter({ name: 'size_count', help: 'Taken.' }).inc();
    second.registry.counter({ name: 'orders_total', help: 'Orders.' }).inc();
    for (const { send } of [first, second]) await send();
    expect(await all.lines('orders_total')).toEqual(['orders_total 1']);
    all.totals.apply({ worker: 3, incarnation: 9 }, { version: 99, sequence: 1, families: [] });
    expect(all.codes).toEqual(['TSK_ERR_TOTAL_CONFLICT', 'TSK_ERR_TOTAL_MESSAGE']);
  });

  test('on default labels: those of the process that started last', async () => {
    const all = new Processes();
    const [old, young] = [all.start(1, { defaultLabels: { zone: 'a' } }), all.start(1, { defaultLabels: { zone: 'b' } })];
    for (const { registry, send } of [young, old]) {
      registry.counter({ name: 'orders_total', help: 'Orders.' }).inc();
      await send();
    }
    expect(await all.lines('orders_total')).toEqual(['orders_total{zone="b"} 2']);
  });
});

test('every format has the totals', async () => {
  const all = new Processes();
  for (const worker of [1, 2]) {
    const { registry, send } = all.start(worker);
    registry.counter({ name: 'orders_total', help: 'Orders.' }).inc(worker);
    await send();
  }
  expect(await all.registry.expose({ format: 'openmetrics' })).toContain('orders_total 3\n');
  const families = [];
  for await (const family of all.registry.read({ names: ['orders_total'] })) families.push(family);
  expect(families).toMatchObject([{ type: 'counter', points: [{ value: 3 }] }]);
  const bytes = [];
  for await (const chunk of all.registry.exposeStream({ format: 'protobuf' })) bytes.push(chunk);
  expect(Buffer.concat(bytes).includes('orders_total')).toBe(true);
});
