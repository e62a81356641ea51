/** How many workers `server.workers` asks for. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

/** The number of workers: for `auto` as many as there are cores for this process. */
export function workerCount(workers: number | 'auto'): number {
  return workers === 'auto' ? availableCores() : workers;
}

/**
 * The cores that this process can use: those of the machine, unless it or its container has fewer. Not every version of Node.js heeds the limit of
 * a container.
 */
export function availableCores(controlGroups = '/sys/fs/cgroup'): number {
  const limit = coresOfContainer(controlGroups);
  return Math.max(1, Math.min(availableParallelism(), limit === undefined ? Number.POSITIVE_INFINITY : Math.floor(limit)));
}

// A quota and its period in microseconds: `200000 100000` are two cores, `max 100000` is no limit; the older way has a file for each, and -1 for no limit.
function coresOfContainer(controlGroups: string): number | undefined {
  const [quota, period] =
    textOf(join(controlGroups, 'cpu.max'))?.trim().split(' ') ??
    ['cpu.cfs_quota_us', 'cpu.cfs_period_us'].map((file) => textOf(join(controlGroups, 'cpu', file)));
  const cores = Number(quota) / Number(period);
  return cores > 0 ? cores : undefined;
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
