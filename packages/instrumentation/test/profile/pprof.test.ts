/** Profiles in the format of pprof. */
import { gunzipSync } from 'node:zlib';
import { type CpuProfile, type HeapProfile, instrument, profileCpu, profileHeap, startHeapSampling } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { Profile } from 'pprof-format';
import { expect, onTestFinished, test } from 'vitest';
import { HeavyService, KeepingService } from './support/loads.js';

/** What pprof would show: types, and for each sample the functions from the innermost on, its labels and its values. */
async function decoded(profile: CpuProfile | HeapProfile) {
  const { stringTable, sampleType, sample, location, function: functions, ...rest } = Profile.decode(gunzipSync(await profile.pprof()));
  const text = (index: number | bigint): string => stringTable.strings[Number(index)] as string;
  const nameOf = (id: number | bigint): string => {
    const line = location.find((each) => each.id === id)?.line[0];
    return text(functions.find((each) => each.id === line?.functionId)?.name ?? 0);
  };
  return {
    types: sampleType.map(({ type, unit }) => `${text(type)}/${text(unit)}`),
    samples: sample.map(({ locationId, label, value }) => ({
      path: locationId.map(nameOf),
      labels: Object.fromEntries(label.map(({ key, str }) => [text(key), text(str)])),
      values: value.map(Number),
    })),
    durationSeconds: Number(rest.durationNanos) / 1e9,
    startedAt: new Date(Math.round(Number(rest.timeNanos) / 1e6)),
    period: Number(rest.period),
  };
}

function sumOf(samples: readonly { readonly labels: object; readonly values: readonly number[] }[], component?: string): number {
  const chosen = samples.filter(({ labels }) => component === undefined || (labels as { component?: string }).component === component);
  return chosen.reduce((sum, { values }) => sum + (values[1] ?? 0), 0);
}

test('CPU: nanoseconds, with methods as functions and as labels, without idle time', async () => {
  const registry = new MetricsRegistry();
  const heavy = instrument(new HeavyService({}), { registry });
  const taken = profileCpu(registry, { seconds: 0.5 });
  heavy.work(20);
  setImmediate(() => heavy.work(200));
  const profile = await taken;
  const { types, samples, durationSeconds, startedAt, period } = await decoded(profile);
  expect(types).toEqual(['samples/count', 'cpu/nanoseconds']);
  expect(period).toBe(2_500_000);
  expect(startedAt).toEqual(profile.startedAt);
  expect(durationSeconds).toBeCloseTo(profile.durationSeconds, 6);
  expect(sumOf(samples) / 1e6).toBeCloseTo(profile.total, 2);
  expect(sumOf(samples, 'HeavyService') / 1e6).toBeGreaterThanOrEqual((profile.components[0]?.self ?? Number.NaN) - 0.01);
  const inside = samples.filter(({ path }) => path.includes('HeavyService.work'));
  expect(inside.length).toBeGreaterThan(0);
  for (const { labels } of inside) expect(labels).toEqual({ component: 'HeavyService', method: 'work' });
  expect(samples.some(({ path }) => path.includes('(idle)'))).toBe(false);
});

test('heap: bytes', async () => {
  onTestFinished(await startHeapSampling());
  const registry = new MetricsRegistry();
  const keeping = instrument(new KeepingService(), { registry });
  keeping.keep(8);
  const profile = await profileHeap(registry);
  const { types, samples, period } = await decoded(profile);
  expect(types).toEqual(['inuse_objects/count', 'inuse_space/bytes']);
  expect(period).toBe(131_072);
  expect(Math.abs(sumOf(samples) - profile.total)).toBeLessThan(1);
  expect(sumOf(samples, 'KeepingService')).toBe(profile.components[0]?.self);
  keeping.drop();
});
