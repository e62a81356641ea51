/** The first sample of a process. A file of its own: here nobody has sampled this process before. */
import { expect, test } from 'vitest';
import { linesOf } from '../support/scrape.js';
import { instrumentedApplication, start } from '../support/start.js';

/** CPU time of the process so far, and how long it has run, both in seconds. */
function soFar(): { readonly cpu: number; readonly uptime: number } {
  const { user, system } = process.cpuUsage();
  return { cpu: (user + system) / 1e6, uptime: process.uptime() };
}

test('has the CPU that was used since the process started', async () => {
  const before = soFar();
  const { app } = await start(instrumentedApplication([]));
  const after = soFar();
  const percent = Number((await linesOf(app, 'system_cpu_percent'))[0]?.split(' ')[1]);
  expect(percent).toBeGreaterThanOrEqual((before.cpu / after.uptime) * 100);
  expect(percent).toBeLessThanOrEqual((after.cpu / before.uptime) * 100);
});
