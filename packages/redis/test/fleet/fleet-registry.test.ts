/** The fleet's registry, where its processes do not agree about a metric, or have odd names and labels. */
import { MetricsRegistry } from '@tsukimi/metrics';
import { shareMetrics } from '@tsukimi/redis';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { RedisServer } from '../../../../test/support/redis-server.js';
import { requireBinary } from '../../../../test/support/server-binary.js';

const REDIS = requireBinary('redis-server');

describe.skipIf(REDIS.skipReason)('a fleet', async () => {
  const redis = await RedisServer.start(REDIS.path);
  afterAll(() => redis[Symbol.asyncDispose]());

  /** A process of the fleet, and what it has warned of. */
  function member(prefix: string) {
    const warnings: string[] = [];
    const registry = new MetricsRegistry();
    const logger = {
      info: () => {},
      warn: (details: object, message: string) => void warnings.push(`${JSON.stringify(details)} ${message}`),
    };
    const shared = shareMetrics(registry, {
      url: redis.url,
      prefix,
      intervalMs: 1_000_000,
      timeoutMs: 10_000,
      flushTimeoutMs: 10_000,
      logger,
    });
    onTestFinished(() => shared.stop({ timeoutMs: 0 }).then(() => {}));
    /** The lines of the fleet that begin so, in any order. */
    const fleet = async (start: RegExp) => {
      const text = await (await shared.fleetRegistry()).expose();
      const lines = text.replaceAll(/\bfleet_process="[^"]*"/g, 'fleet_process="p"').split('\n');
      return lines.filter((line) => start.test(line)).sort();
    };
    const push = async () => expect(await shared.flush(), shared.error?.message ?? '').toBe(true);
    return { registry, warnings, fleet, push };
  }

  test('leaves out what has other types in other processes, says so once, and shows everything else', async () => {
    const [one, other] = [member('types:'), member('types:')];
    one.registry.counter({ name: 'a_total', help: 'A count.' }).inc(2);
    other.registry.gauge({ name: 'a_total', help: 'A level.' }).set(7);
    one.registry.gauge({ name: 'b', help: 'A level.' }).set(3);
    other.registry.info({ name: 'b', help: 'A fact.', labelNames: ['of'] }).set({ of: 'moons' });
    one.registry.stateSet({ name: 'phase', help: 'Phase.', states: ['day', 'night'] }).set('day');
    other.registry.stateSet({ name: 'phase', help: 'Phase.', states: ['night', 'dusk'] }).set('dusk');
    for (const registry of [one.registry, other.registry]) registry.counter({ name: 'words_total', help: 'Words.' }).inc();
    await one.push();
    await other.push();
    for (const _ of ['once', 'twice']) {
      expect(await one.fleet(/^(a|phase|words)/)).toEqual([
        'a_total 2',
        'phase{fleet_process="p",phase="day"} 0',
        'phase{fleet_process="p",phase="day"} 1',
        'phase{fleet_process="p",phase="dusk"} 0',
        'phase{fleet_process="p",phase="dusk"} 1',
        'phase{fleet_process="p",phase="night"} 0',
        'phase{fleet_process="p",phase="night"} 0',
        'words_total 2',
      ]);
      expect(await one.fleet(/^b/)).toHaveLength(1);
    }
    const leftOut = one.warnings.filter((line) => line.includes('TSK_ERR_REDIS_METRIC'));
    expect(leftOut).toHaveLength(2);
    expect(leftOut.find((line) => line.includes('a_total'))).toContain(
      'a_total is left out of the metrics of the fleet: a_total exists as counter without labels and was requested as gauge',
    );
    expect(leftOut.find((line) => line.includes(' b '))).toMatch(
      /b is left out of the metrics of the fleet: its type is (info|gauge) in \S+, and (info|gauge) in another process\. Register/,
    );
  });

  test('keeps the label of a gauge that is called like its own', async () => {
    const { registry, push, fleet } = member('label:');
    const depth = registry.gauge({ name: 'depth', help: 'Depth.', labelNames: ['fleet_process'] });
    depth.set({ fleet_process: 'a' }, 1);
    depth.set({ fleet_process: 'b' }, 2);
    await push();
    expect(await fleet(/^depth/)).toEqual([
      'depth{exported_fleet_process="a",fleet_process="p"} 1',
      'depth{exported_fleet_process="b",fleet_process="p"} 2',
    ]);
  });

  test('has every text that a label can have', async () => {
    const { registry, push, fleet } = member('odd*?[x]\\{:');
    const texts = [
      '',
      '{a}',
      'a:b',
      'new\nline',
      'tab\t',
      '🌙',
      '\ud800',
      'x'.repeat(10_000),
      '__proto__',
      'a=b&c=d',
      '%',
      '%41',
      '"',
      '\\',
      '*?[a-z]',
      '\0',
    ];
    const odd = registry.counter({ name: 'odd_total', help: 'Odd {"help"}\n\\.', labelNames: ['of'] });
    for (const of of texts) odd.inc({ of }, 2);
    await push();
    const own = (await registry.expose()).split('\n').filter((line) => /odd_total/.test(line));
    expect(await fleet(/odd_total/)).toEqual(own.sort());
    expect(own).toHaveLength(texts.length + 2);
  });
});
