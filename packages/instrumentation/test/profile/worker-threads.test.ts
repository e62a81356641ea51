/** Profiles of a worker thread and of its main thread at the same time, in a program that was bundled into one file. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeFolder, runScript, scriptFolder } from '../calls/support/bundle.js';

let folder = '';
beforeAll(async () => {
  folder = await scriptFolder();
});
afterAll(() => removeFolder(folder));

const SCRIPT = `
import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { instrument, MetricsRegistry, profileCpu, profileHeap } from './measured.mjs';

class MainService { work(ms) { return spin(ms); } }
class WorkerService { work(ms) { return spin(ms); } }
function spin(ms) {
  const end = performance.now() + ms;
  let sum = 0;
  while (performance.now() < end) for (let count = 0; count < 2000; count += 1) sum += Math.sqrt(sum + count);
  return sum;
}

const registry = new MetricsRegistry();
const service = instrument(isMainThread ? new MainService() : new WorkerService(), { registry });

async function profiled(take) {
  let isOver = false;
  const taken = take(registry, { seconds: 0.5 }).finally(() => { isOver = true; });
  while (!isOver) {
    service.work(5);
    await nextTurn();
  }
  return await taken;
}

async function report() {
  const { components, measuring } = await profiled(profileCpu);
  const { kind } = await profiled(profileHeap);
  return [components.map(({ component, share }) => [component, share > 0.5]), measuring.self, kind];
}

if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url));
  const [[other], own] = await Promise.all([once(worker, 'message'), report()]);
  console.log(JSON.stringify({ own, other }));
} else parentPort.postMessage(await report());
`;

test('each thread has its own profile, and the code of the application is not taken for ours', async () => {
  const { stdout, stderr, code } = await runScript(folder, SCRIPT);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ own: [[['MainService', true]], 0, 'heap'], other: [[['WorkerService', true]], 0, 'heap'] });
});
