/** A sample that fails is said, keeps the last values, and the next one is taken all the same. */
import pidusage from 'pidusage';
import { afterEach, expect, test, vi } from 'vitest';
import { waitUntil } from '../../../../test/support/wait-until.js';
import { jsonView } from '../support/scrape.js';
import { instrumentedApplication, start } from '../support/start.js';

// The sampler does not take a test's fake timers; here its ticks come when the test wants them.
const ticks = vi.hoisted(() => new Set<() => void>());
vi.mock('node:timers', async (original) => ({
  ...(await original<typeof import('node:timers')>()),
  setInterval: (tick: () => void) => {
    ticks.add(tick);
    return { unref: () => tick };
  },
  clearInterval: (tick: () => void) => ticks.delete(tick),
}));

const tick = (): void => {
  for (const each of ticks) each();
};

// pidusage is real until a test has it fail, as it does where /proc can't be read.
vi.mock('pidusage', async (original) => {
  const { default: real } = await original<{ default: typeof pidusage }>();
  return { default: vi.fn(real) };
});

/** Its promise form; the types of its callback forms are in the way. */
const reading = vi.mocked(pidusage as unknown as (pid: number) => Promise<object>);

afterEach(() => {
  reading.mockRestore();
});

const SAID = 'sampling the process failed; keeping the last values';

test('at the first sample: the application starts, without values', async () => {
  reading.mockRejectedValue(new Error('No matching pid found'));
  const { app, logs } = await start(instrumentedApplication([]));
  expect(logs.filter(({ msg }) => msg === SAID)).toEqual([
    expect.objectContaining({ level: 40, err: expect.objectContaining({ message: 'No matching pid found' }) }),
  ]);
  expect((await jsonView(app)).instrumentation.system).toEqual({
    memory: null,
    cpu: { percent: null },
    event_loop: { utilization: null },
    uptime_seconds: expect.any(Number),
  });
});

test('later: the last values stay, until there are new ones', async () => {
  const configuration = { instrumentation: { sample_interval_ms: 1000 } };
  const usage = (memory: number) => ({ cpu: 12.345, memory, ctime: 0, elapsed: 0, timestamp: 0, pid: process.pid, ppid: 0 });
  const mebibytes = (count: number): number => count * 2 ** 20;
  reading.mockResolvedValueOnce(usage(mebibytes(64)));
  const { app, logs } = await start(instrumentedApplication([]), { configuration });
  const system = async () => (await jsonView(app)).instrumentation.system;
  const { memory, cpu, event_loop } = await system();
  expect(memory).toMatchObject({ rss_mb: 64 });
  expect(cpu.percent).toBeGreaterThan(0);
  reading.mockRejectedValueOnce(new Error('EMFILE'));
  await nextReading();
  tick();
  await waitUntil('the failure is logged', () => logs.some(({ msg }) => msg === SAID));
  expect(await system()).toEqual({ memory, cpu, event_loop, uptime_seconds: expect.any(Number) });
  reading.mockResolvedValueOnce(usage(mebibytes(65)));
  await nextReading();
  tick();
  await waitUntil('the next sample', async () => (await system()).memory.rss_mb === 65);
  expect((await system()).cpu).toEqual({ percent: 12.35 });
});

/** A reading serves everybody for 50 ms; the next tick would get it again. */
async function nextReading(): Promise<void> {
  const start = performance.now();
  await waitUntil('the last reading is old', () => performance.now() - start > 60);
}
