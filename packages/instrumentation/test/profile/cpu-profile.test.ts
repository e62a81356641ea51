/** Which component uses the CPU. */
import { close, open } from 'node:inspector';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type CpuProfile, instrument, type ProfileNode, profileCpu, profileHeap } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { describe, expect, test } from 'vitest';
import { HeavyService, LightService, MediumService, type Spent, timed } from './support/loads.js';
import { rejection } from './support/rejection.js';

/** Half of those that V8 takes. A machine that is busy otherwise gives fewer samples, which say little about shares. */
const FEWEST_SAMPLES_PER_SECOND = 200;

interface Profiled {
  readonly seconds?: number;
  /** What the load has spent, to be counted from 0 with each profile. */
  readonly spent?: Spent;
}

/** Runs a load until a profile of it is there, with as many samples as a machine takes that is not busy otherwise. */
async function profiled(registry: MetricsRegistry, load: () => unknown, { seconds = 2, spent = {} }: Profiled = {}): Promise<CpuProfile> {
  for (;;) {
    for (const name of Object.keys(spent)) delete spent[name];
    const profile = await profiledOnce(registry, load, seconds);
    if (profile.samples >= seconds * FEWEST_SAMPLES_PER_SECOND) return profile;
  }
}

async function profiledOnce(registry: MetricsRegistry, load: () => unknown, seconds: number): Promise<CpuProfile> {
  let isOver = false;
  const taken = profileCpu(registry, { seconds }).finally(() => {
    isOver = true;
  });
  while (!isOver) {
    await load();
    await nextTurn();
  }
  return await taken;
}

function nodesOf(node: ProfileNode): ProfileNode[] {
  return [node, ...node.children.flatMap(nodesOf)];
}

describe('three components of known load', async () => {
  const registry = new MetricsRegistry();
  const spent: Spent = {};
  const [heavy, medium, light] = [new HeavyService(spent), new MediumService(spent), new LightService(spent)];
  for (const each of [heavy, medium, light]) instrument(each, { registry });
  const profile = await profiled(
    registry,
    async () => {
      heavy.work(10);
      await medium.work(6);
      light.work(2);
      timed(spent, 'outside', 2);
    },
    { spent },
  );
  const loads = Object.values(spent).reduce((sum, each) => sum + each);

  test('each share is right to ten percentage points, resumed async functions and functions of instances included', () => {
    const shares = Object.fromEntries(profile.components.map(({ component, share }) => [component, share]));
    for (const name of ['HeavyService', 'MediumService', 'LightService']) {
      expect(Math.abs((shares[name] ?? 0) - (spent[name] ?? 0) / loads), name).toBeLessThan(0.1);
    }
    expect(Math.abs(profile.outside.share - (spent['outside'] ?? 0) / loads)).toBeLessThan(0.1);
    const methods = profile.methods.map(({ component, method, isShared }) => ({ component, method, isShared }));
    expect(methods.sort((a, b) => a.component.localeCompare(b.component))).toEqual([
      { component: 'HeavyService', method: 'work', isShared: false },
      { component: 'LightService', method: 'work', isShared: false },
      { component: 'MediumService', method: 'work', isShared: false },
    ]);
    expect(profile.methods[0]?.place).toMatch(/loads\.ts:\d+:\d+$/);
    // V8 may have compiled `spin` into its caller.
    expect(['spin', 'timed']).toContain(profile.outside.functions[0]?.name);
  });

  test('the parts are the whole', () => {
    const { methods, outside, measuring, garbageCollection, native, total, tree } = profile;
    const parts = [...methods, outside, measuring, garbageCollection, native];
    expect(parts.reduce((sum, { self }) => sum + self, 0)).toBeCloseTo(total, 6);
    expect(parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
    expect(tree.total).toBeCloseTo(total, 6);
    expect(profile.durationSeconds).toBeGreaterThanOrEqual(2);
    expect(profile.samples).toBeGreaterThan(100);
  });

  test('the tree names measured methods, and leaves out wrappers', () => {
    const nodes = nodesOf(profile.tree);
    expect(nodes.find(({ component }) => component === 'HeavyService')).toMatchObject({
      name: expect.stringMatching(/work$/),
      method: 'work',
    });
    const places = nodes.flatMap(({ place = '' }) => (place.includes('instrumentation/src/calls') ? [place] : []));
    expect(places).toEqual([]);
  });

  test('the file for DevTools is what V8 made', () => {
    const { nodes, samples, timeDeltas } = JSON.parse(profile.devtools());
    expect(samples).toHaveLength(profile.samples);
    expect(timeDeltas).toHaveLength(profile.samples);
    expect(nodes[0].callFrame.functionName).toBe('(root)');
  });
});

class Inner {
  constructor(private readonly spent: Spent) {}
  run(ms: number): void {
    timed(this.spent, 'inner', ms);
  }
}

class Outer {
  constructor(
    private readonly inner: Inner,
    private readonly spent: Spent,
  ) {}
  run(depth: number): void {
    timed(this.spent, 'outer', 2);
    if (depth > 0) this.run(depth - 1);
    else this.inner.run(8);
  }
}

test('a method that calls another has its own time, and the time with callees, recursion counted once', async () => {
  const registry = new MetricsRegistry();
  const spent: Spent = {};
  const inner = instrument(new Inner(spent), { registry });
  const outer = instrument(new Outer(inner, spent), { registry });
  const { methods, components, measuring } = await profiled(registry, () => outer.run(3), { spent });
  const [first, second] = [methods.find((each) => each.component === 'Outer'), methods.find((each) => each.component === 'Inner')];
  const sum = (first?.self ?? 0) + (second?.self ?? 0);
  expect(first?.withCallees).toBeGreaterThanOrEqual(sum - 1e-6);
  expect(first?.withCallees).toBeLessThanOrEqual(sum + measuring.self + 1e-6);
  expect(second?.withCallees).toBeCloseTo(second?.self ?? 0, 6);
  expect(Math.abs((second?.share ?? 0) - (spent['inner'] ?? 0) / ((spent['inner'] ?? 0) + (spent['outer'] ?? 0)))).toBeLessThan(0.1);
  expect(components.find((each) => each.component === 'Outer')?.withCallees).toBeCloseTo(first?.withCallees ?? 0, 6);
});

class Base {
  run(spent: Spent): void {
    timed(spent, 'base', 5);
  }
}
class First extends Base {}
class Second extends Base {}

test('a function that two components have is named after both, because a profile cannot tell them apart', async () => {
  const registry = new MetricsRegistry();
  const [first, second] = [instrument(new First(), { registry }), instrument(new Second(), { registry })];
  const { methods } = await profiled(registry, () => [first.run({}), second.run({})], { seconds: 0.5 });
  expect(methods.map(({ component, method, isShared }) => ({ component, method, isShared }))).toEqual([
    { component: 'First, Second', method: 'run', isShared: true },
  ]);
});

test('an object that two registries measure is found for both, and components of another registry are outside', async () => {
  const [one, other, third] = [new MetricsRegistry(), new MetricsRegistry(), new MetricsRegistry()];
  const heavy = new HeavyService({});
  instrument(heavy, { registry: one });
  instrument(heavy, { registry: other, component: 'Again' });
  const load = () => heavy.work(5);
  expect((await profiled(one, load, { seconds: 0.5 })).components.map(({ component }) => component)).toEqual(['HeavyService']);
  expect((await profiled(other, load, { seconds: 0.5 })).components.map(({ component }) => component)).toEqual(['Again']);
  const { components, outside } = await profiled(third, load, { seconds: 0.5 });
  expect(components).toEqual([]);
  expect(outside.share).toBeGreaterThan(0.5);
});

test('a function of an instance that a second registry measures too is outside for that one, and nothing else is taken for it', async () => {
  const [one, other] = [new MetricsRegistry(), new MetricsRegistry()];
  const [light, heavy] = [new LightService({}), new HeavyService({})];
  for (const registry of [one, other]) instrument(light, { registry });
  instrument(heavy, { registry: other });
  const load = () => [light.work(4), heavy.work(4)];
  expect((await profiled(one, load, { seconds: 0.5 })).components.map(({ component }) => component)).toEqual(['LightService']);
  const { components, outside } = await profiled(other, load, { seconds: 0.5 });
  expect(components.map(({ component }) => component)).toEqual(['HeavyService']);
  expect(outside.share).toBeGreaterThan(0.2);
});

test('bound methods and instances that are made meanwhile are found', async () => {
  const registry = new MetricsRegistry();
  const heavy = new HeavyService({});
  const bound = instrument({ work: heavy.work.bind(heavy) }, { registry, component: 'Bound' });
  const load = () => {
    bound.work(3);
    instrument({ work: (ms: number) => timed({}, '', ms) }, { registry, component: 'New' }).work(3);
  };
  const { components } = await profiled(registry, load, { seconds: 0.5 });
  expect(components.map(({ component }) => component).sort()).toEqual(['Bound', 'New']);
});

describe('refusals', () => {
  const registry = new MetricsRegistry();

  test('one at a time, and the error says who runs it', async () => {
    const first = profileCpu(registry, { seconds: 0.1 });
    expect(await rejection(profileCpu(registry))).toMatch(
      /^TSK_ERR_PROFILE_BUSY: .*one is running: a CPU profile of 0\.1 s for a call in the program, since 20\d\d-.*Z\./,
    );
    await first;
    await profileCpu(registry, { seconds: 0.1 });
  });

  test.each([0, 61, Number.NaN, '10'])('%s seconds', async (seconds) => {
    expect(await rejection(async () => profileCpu(registry, { seconds: seconds as number }))).toMatch(
      /^TSK_ERR_PROFILE_OPTION: seconds: .* is not a number from 0\.1 to 60/,
    );
  });

  test('while the inspector is open, because a debugger may be attached', async () => {
    open(0, '127.0.0.1');
    try {
      expect(await rejection(profileCpu(registry))).toMatch(/^TSK_ERR_PROFILE_DEBUGGER: The inspector is open on 127\.0\.0\.1:\d+,/);
      expect(await rejection(profileHeap(registry))).toMatch(/^TSK_ERR_PROFILE_DEBUGGER: /);
    } finally {
      close();
    }
    await profileCpu(registry, { seconds: 0.1 });
  });

  test('a signal ends it with its reason, and nothing is left running', async () => {
    const abort = new AbortController();
    const taken = profileCpu(registry, { seconds: 60, signal: abort.signal });
    await nextTurn();
    abort.abort(new Error('the client went away'));
    await expect(taken).rejects.toThrow('the client went away');
    await expect(profileCpu(registry, { signal: abort.signal })).rejects.toThrow('the client went away');
    expect(Object.getOwnPropertySymbols(globalThis).filter((symbol) => String(symbol).includes('tsukimi.profile'))).toEqual([]);
    await profileCpu(registry, { seconds: 0.1 });
  });
});
