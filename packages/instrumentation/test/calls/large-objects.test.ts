/** Objects with many methods. */
import { instrument } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { describe, expect, onTestFinished, test, vi } from 'vitest';

type Client = Record<string, () => string>;

/** A client like those of databases, with a method for each command. */
function client(commands: number): Client {
  class Redis {}
  for (let n = 0; n < commands; n += 1) {
    Object.defineProperty(Redis.prototype, `command${n}`, { value: () => `answer ${n}`, writable: true, configurable: true });
  }
  return new Redis() as Client;
}

function warnings(): string[] {
  const seen: string[] = [];
  const listener = ({ message }: Error): void => void seen.push(message);
  process.on('warning', listener);
  onTestFinished(() => void process.off('warning', listener));
  return seen;
}

const seriesIn = async (registry: MetricsRegistry): Promise<string[]> =>
  (await registry.expose()).split('\n').filter((line) => /^component_(calls_total|duration_seconds_count)/.test(line));

describe('An object with more than 50 methods', () => {
  test('takes nothing of the budget before its calls; a method has its three series with the first one', async () => {
    const seen = warnings();
    const registry = new MetricsRegistry();
    const clients = [client(651), client(651)].map((redis, n) => instrument(redis, { registry, component: `redis-${n}` }));
    expect(await seriesIn(registry)).toEqual([]);
    for (const redis of clients) expect(redis['command7']?.()).toBe('answer 7');
    expect(await seriesIn(registry)).toEqual(
      expect.arrayContaining([
        'component_calls_total{component="redis-0",method="command7",status="success"} 1',
        'component_calls_total{component="redis-0",method="command7",status="failure"} 0',
        'component_duration_seconds_count{component="redis-1",method="command7"} 1',
      ]),
    );
    expect(await seriesIn(registry)).toHaveLength(6);
    await vi.waitFor(() => expect(seen).toHaveLength(2));
    expect(seen[0]).toBe(
      'redis-0 has 651 methods, so the series of each method appear only with its first call, and rate() misses that call. Select methods with include or exclude of instrument(), or with instrumentation.exclude.',
    );
  });

  test.each([
    [50, 150],
    [51, 0],
  ])('%i methods: %i series before the first call', async (methods, series) => {
    const registry = new MetricsRegistry();
    instrument(client(methods), { registry });
    expect(await seriesIn(registry)).toHaveLength(series);
  });

  test('narrowed down to 50 has all of its series from the start, and nothing to say', async () => {
    const seen = warnings();
    const registry = new MetricsRegistry();
    // command1, command10 to 19 and 100 to 199: every second one.
    instrument(client(651), { registry, include: ['command1*'], exclude: [/[02468]$/] });
    expect(await seriesIn(registry)).toHaveLength(0);
    const narrower = new MetricsRegistry();
    instrument(client(651), { registry: narrower, component: 'narrower', include: ['command1*'], exclude: ['command1*0', /[2-9]$/] });
    expect(await seriesIn(narrower)).toHaveLength(3 * (1 + 1 + 10));
    expect(seen.filter((warning) => warning.startsWith('narrower'))).toEqual([]);
  });

  test('has all of its series within the budget, or none', async () => {
    const registry = new MetricsRegistry({ maxSeriesPerMetric: 5, onError: () => {} });
    const redis = instrument(client(60), { registry });
    for (let n = 0; n < 4; n += 1) redis[`command${n}`]?.();
    expect(await seriesIn(registry)).toEqual([
      'component_calls_total{component="Redis",method="command0",status="success"} 1',
      'component_calls_total{component="Redis",method="command0",status="failure"} 0',
      'component_calls_total{component="Redis",method="command1",status="success"} 1',
      'component_calls_total{component="Redis",method="command1",status="failure"} 0',
      'component_calls_total{component="__overflow__",method="__overflow__",status="__overflow__"} 2',
      'component_duration_seconds_count{component="Redis",method="command0"} 1',
      'component_duration_seconds_count{component="Redis",method="command1"} 1',
      'component_duration_seconds_count{component="__overflow__",method="__overflow__"} 2',
    ]);
  });
});
