/** Which component holds the memory. */
import { Session } from 'node:inspector/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { instrument, profileHeap, startHeapSampling } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { allocated, KeepingService, MEBIBYTE } from './support/loads.js';
import { rejection } from './support/rejection.js';

class First extends KeepingService {
  override keep(mebibytes: number): void {
    super.keep(mebibytes);
  }
}
class Second extends KeepingService {
  override keep(mebibytes: number): void {
    super.keep(mebibytes);
  }
}
class Third extends KeepingService {
  override async keep(mebibytes: number): Promise<void> {
    await undefined;
    super.keep(mebibytes);
  }
}

const registry = new MetricsRegistry();
const first = instrument(new First(), { registry });
const second = instrument(new Second(), { registry });
const third = instrument(new Third(), { registry });

/** The mebibytes of each component. */
function held({ components }: { readonly components: readonly { readonly component: string; readonly self: number }[] }) {
  return Object.fromEntries(components.map(({ component, self }) => [component, self / MEBIBYTE]));
}

function expectWithinTenPercent(actual: number | undefined, expected: number): void {
  expect(Math.abs((actual ?? 0) - expected) / expected, `${actual} of ${expected}`).toBeLessThan(0.1);
}

async function samplingOn(): Promise<() => Promise<void>> {
  const stop = await startHeapSampling();
  onTestFinished(stop);
  return stop;
}

afterEach(() => {
  for (const each of [first, second, third]) each.drop();
});

describe('since sampling was switched on', () => {
  test('three components hold known amounts, and each is right to ten percent', async () => {
    await samplingOn();
    const outside: unknown[] = [];
    first.keep(48);
    second.keep(36);
    await third.keep(24);
    second.waste(20);
    for (let count = 0; count < 24; count += 1) outside.push(allocated());
    const profile = await profileHeap(registry);
    expect(profile.since).toBe('start');
    expectWithinTenPercent(held(profile)['First'], 48);
    expectWithinTenPercent(held(profile)['Second'], 36);
    expectWithinTenPercent(held(profile)['Third'], 24);
    expect(profile.outside.functions.find(({ name }) => name === 'allocated')?.self).toBeGreaterThanOrEqual(
      outside.length * 0.9 * MEBIBYTE,
    );
    expect(profile.methods.map(({ component, method }) => `${component}.${method}`)).toEqual(['First.keep', 'Second.keep', 'Third.keep']);
    const { methods, measuring, total, tree } = profile;
    expect([...methods, profile.outside, measuring].reduce((sum, { self }) => sum + self, 0)).toBeCloseTo(total, 0);
    expect(tree.total).toBeCloseTo(total, 0);
    expect(profile.memory.after.heapUsed).toBeGreaterThan(100 * MEBIBYTE);
    expect(JSON.parse(profile.devtools()).head.callFrame.functionName).toBe('(root)');
  });

  test('a profile of some seconds has only what was allocated in them', async () => {
    await samplingOn();
    first.keep(24);
    const profile = await whileProfiled(() => second.keep(2));
    expect(profile.since).toBe('request');
    expect(Object.keys(held(profile))).toEqual(['Second']);
    expect(held(await profileHeap(registry))['First']).toBeGreaterThan(20);
  });

  test('two switch it on, and it is off when both have switched it off', async () => {
    const [stopOne, stopOther] = [await samplingOn(), await samplingOn()];
    await stopOne();
    await stopOne();
    first.keep(4);
    expect((await profileHeap(registry)).since).toBe('start');
    await stopOther();
    expect(await isSampled()).toBe(false);
  });
});

/** Takes a short profile, and calls back again and again until it is there. */
async function whileProfiled(load: () => unknown) {
  let isOver = false;
  const taken = profileHeap(registry, { seconds: 0.3 }).finally(() => {
    isOver = true;
  });
  while (!isOver) {
    await load();
    await delay(20);
  }
  return await taken;
}

/** What V8 says to a session of its own. */
async function isSampled(): Promise<boolean> {
  const session = new Session();
  session.connect();
  try {
    await session.post('HeapProfiler.getSamplingProfile');
    return true;
  } catch {
    return false;
  } finally {
    session.disconnect();
  }
}

describe('for some seconds', () => {
  test('the shares of what is kept are right', async () => {
    const { components, since } = await whileProfiled(async () => {
      first.keep(3);
      second.keep(2);
      await third.keep(1);
    });
    expect(since).toBe('request');
    const all = components.reduce((sum, { self }) => sum + self, 0);
    const shares = Object.fromEntries(components.map(({ component, self }) => [component, self / all]));
    // The first and the last round may be there in part.
    expect(Math.abs((shares['First'] ?? 0) - 3 / 6)).toBeLessThan(0.1);
    expect(Math.abs((shares['Second'] ?? 0) - 2 / 6)).toBeLessThan(0.1);
    expect(await isSampled()).toBe(false);
  });

  test('a signal ends it, and V8 samples no longer', async () => {
    const abort = new AbortController();
    const taken = profileHeap(registry, { seconds: 60, signal: abort.signal });
    while (!(await isSampled())) await delay(1);
    abort.abort(new Error('the client went away'));
    await expect(taken).rejects.toThrow('the client went away');
    expect(await isSampled()).toBe(false);
  });

  test('refused while another tool samples the heap, whose samples go on', async () => {
    const other = new Session();
    other.connect();
    await other.post('HeapProfiler.startSampling', { samplingInterval: 1 << 20 });
    onTestFinished(() => other.disconnect());
    expect(await rejection(profileHeap(registry, { seconds: 0.1 }))).toMatch(/^TSK_ERR_PROFILE_HEAP_TAKEN: Another tool samples the heap/);
    expect(await rejection(startHeapSampling())).toMatch(/^TSK_ERR_PROFILE_HEAP_TAKEN: /);
    expect(await isSampled()).toBe(true);
    await other.post('HeapProfiler.stopSampling');
    await profileHeap(registry, { seconds: 0.1 });
  });
});
