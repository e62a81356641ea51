/** A metric whose reading does not end costs itself, not the scrape; it is read again once that reading has ended. */
import { createHook } from 'node:async_hooks';
import { setImmediate } from 'node:timers/promises';
import type { RegistryOptions } from '@tsukimi/metrics';
import * as promClient from 'prom-client';
import { describe, expect, test } from 'vitest';
import { waitUntil } from '../../../../test/support/wait-until.js';
import { openRegistry, thrownBy, untyped } from '../support/open-registry.js';

const LIMIT_MS = 20;

type Opened = ReturnType<typeof openRegistry>;
type End = { resolve(): void; reject(error: Error): void };

/** A registry with a metric that is read at once, and one whose reading ends when the test says so. */
function opened(make: (registry: Opened['registry'], collect: () => Promise<void>) => unknown = asGauge) {
  const calls: End[] = [];
  const base = openRegistry({ collectTimeoutMs: LIMIT_MS });
  base.registry.counter({ name: 'quick_total', help: 'Quick.' }).inc(3);
  const later = { endsAtOnce: false };
  make(base.registry, () => {
    return new Promise((resolve, reject) => {
      calls.push({ resolve, reject });
      if (later.endsAtOnce) resolve();
    });
  });
  return { ...base, calls, later };
}

function asGauge(registry: Opened['registry'], collect: () => Promise<void>): void {
  registry.gauge({ name: 'stuck', help: 'Stuck.', collect });
}

function asGuest(registry: Opened['registry'], collect: () => Promise<void>): void {
  new promClient.Gauge({ name: 'stuck', help: 'Stuck.', registers: [registry], collect });
}

const MESSAGE =
  'stuck is missing from this scrape, because its collect function did not end within 20 ms. Until that call ends, the function is not called again and the metric stays missing. Set a timeout on what the function waits for, or raise metrics.collect_timeout_ms (collectTimeoutMs of the registry).';

describe.each([
  ['ours', asGauge],
  ["prom-client's", asGuest],
])('%s', (_, make) => {
  test('is left out, reported once, and not called again until the call has ended', async () => {
    const { registry, errors, calls, later } = opened(make);
    for (let scrape = 0; scrape < 3; scrape += 1) {
      const text = await registry.expose();
      expect(text).toContain('quick_total 3\n');
      expect(text).not.toContain('stuck');
    }
    expect(calls.length).toBe(1);
    expect(errors.map(({ code, message }) => [code, message])).toEqual([['TSK_ERR_METRIC_COLLECT_TIMEOUT', MESSAGE]]);
    calls[0]?.resolve();
    await setImmediate();
    later.endsAtOnce = true;
    expect(await registry.expose()).toContain('stuck 0\n');
  });

  test('that fails after its time is not an unhandled rejection, and is read again', async () => {
    const { registry, codes, calls, later } = opened(make);
    await registry.expose();
    calls[0]?.reject(new Error('too late'));
    await setImmediate();
    later.endsAtOnce = true;
    expect(await registry.expose()).toContain('stuck 0\n');
    expect(codes()).toEqual(['TSK_ERR_METRIC_COLLECT_TIMEOUT']);
  });

  test('is left out of what prom-client reads', async () => {
    const { registry } = opened(make);
    const names = (await registry.getMetricsAsJSON()).map(({ name }) => name);
    expect(names).toContain('quick_total');
    expect(names).not.toContain('stuck');
  });
});

test('a scrape that such a metric holds up can be joined for no longer than the limit', async () => {
  const { registry, calls } = opened();
  const first = registry.expose();
  await waitUntil('it is read', () => calls.length === 1);
  const joined = registry.expose();
  expect(await first).toBe(await joined);
  registry.counter({ name: 'quick_total', help: 'Quick.' }).inc(4);
  expect(await registry.expose()).toContain('quick_total 7\n');
});

test('what ends in time is there, however it ends', async () => {
  const { registry, codes } = openRegistry({ collectTimeoutMs: 60_000 });
  registry.gauge({
    name: 'thenable',
    help: 'T.',
    // biome-ignore lint/suspicious/noThenProperty: that is what the test is about.
    collect: () => ({ then: (resolve: () => void) => resolve() }),
  });
  registry.gauge({ name: 'plain', help: 'P.', collect: () => ({}) });
  registry.gauge({ name: 'broken', help: 'B.', collect: () => Promise.reject(new Error('broken')) });
  const text = await registry.expose();
  expect(text).toContain('thenable 0\n');
  expect(text).toContain('plain 0\n');
  expect(text).not.toContain('broken');
  expect(codes()).toEqual(['TSK_ERR_METRIC_COLLECT']);
});

test.each<[string, unknown, string]>([
  ['none', 0, '0'],
  ['half of one', 0.5, '0.5'],
  ['longer than timers run', 2_147_483_648, '2147483648'],
  ['a text', '5000', '"5000"'],
])('a limit that is %s is refused', (_, collectTimeoutMs, shown) => {
  expect(
    thrownBy(() => openRegistry({ collectTimeoutMs: untyped<RegistryOptions['collectTimeoutMs']>(collectTimeoutMs) } as RegistryOptions)),
  ).toMatchObject({
    code: 'TSK_ERR_METRIC_COLLECT_LIMIT',
    message: `collectTimeoutMs is ${shown}; a whole number of milliseconds from 1 to 2147483647 is expected, such as 5000.`,
  });
});

test('the readings of one scrape have one timer', async () => {
  const { registry } = openRegistry({ collectTimeoutMs: 60_000 });
  using timers = timersOfLimits();
  const seen: number[] = [];
  for (let index = 0; index < 20; index += 1)
    new promClient.Gauge({
      name: `guest_${index}`,
      help: 'A guest.',
      registers: [registry],
      collect: async () => {
        await setImmediate();
        seen.push(timers.running.size);
      },
    });
  await registry.expose();
  expect(seen).toEqual(new Array(20).fill(1));
  await waitUntil('the timer is cleared', () => timers.running.size === 0);
});

/** The timers that limits have started from now on and that are neither over nor cleared. Others of the process, such as Vitest's, are not counted. */
function timersOfLimits(): Disposable & { readonly running: ReadonlySet<number> } {
  const running = new Set<number>();
  const hook = createHook({
    init: (id, type) => {
      if (type === 'Timeout' && new Error().stack?.includes('collect-limit.ts') === true) running.add(id);
    },
    destroy: (id) => running.delete(id),
  }).enable();
  return { running, [Symbol.dispose]: () => hook.disable() };
}
