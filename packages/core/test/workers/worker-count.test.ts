import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { availableCores, workerCount } from '../../src/workers/worker-count.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tsukimi-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('a number is taken as it is, and auto means the cores', () => {
  expect(workerCount(3)).toBe(3);
  expect(workerCount('auto')).toBe(availableCores());
});

test.each([
  ['max 100000\n', availableParallelism()],
  ['100000 100000\n', 1],
  ['50000 100000\n', 1],
  ['199999 100000\n', 1],
  ['100000000 100000\n', availableParallelism()],
  ['nonsense', availableParallelism()],
  ['', availableParallelism()],
])('with the limit %j in cpu.max', async (text, cores) => {
  await writeFile(join(folder, 'cpu.max'), text);
  expect(availableCores(folder)).toBe(cores);
});

test.each([
  ['-1\n', '100000\n', availableParallelism()],
  ['100000\n', '100000\n', 1],
  ['10000\n', '100000\n', 1],
])('with the older limit of %j in %j', async (quota, period, cores) => {
  await mkdir(join(folder, 'cpu'));
  await writeFile(join(folder, 'cpu', 'cpu.cfs_quota_us'), quota);
  await writeFile(join(folder, 'cpu', 'cpu.cfs_period_us'), period);
  expect(availableCores(folder)).toBe(cores);
});

test('without control groups', () => {
  expect(availableCores(join(folder, 'none'))).toBe(availableParallelism());
});
