/** The CPU time of the main thread, where Node.js tells it: JavaScript runs on that thread alone, and the process's time has all of them. */
import { isMainThread } from 'node:worker_threads';
import type { Counter, MetricsRegistry } from '@tsukimi/metrics';
import { CATALOGUE } from '../catalogue.js';

/** In microseconds. @see https://nodejs.org/api/process.html#processthreadcpuusagepreviousvalue */
type ThreadCpuUsage = () => { readonly user: number; readonly system: number };

/** Adds the counter; nothing if Node.js has no such reading (before 22.19, and in 23 before 23.9), or in a worker thread. */
export function addMainThreadCpu(registry: MetricsRegistry): void {
  const { threadCpuUsage } = process as { readonly threadCpuUsage?: ThreadCpuUsage };
  if (!isMainThread || typeof threadCpuUsage !== 'function') return;
  let counted = 0;
  registry.counter({
    ...CATALOGUE.mainThreadCpu,
    collect(this: Counter<never>) {
      const { user, system } = threadCpuUsage();
      const total = user + system;
      this.inc((total - counted) / 1e6);
      counted = total;
    },
  });
}
