/** Reads the CPU and memory usage of the process. Readings are shared, because pidusage counts CPU time since its last reading. */

import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { LONGEST_TIMEOUT_MS } from '@tsukimi/metrics';
import pidusage from 'pidusage';

/** One reading. */
export interface ProcessUsage {
  /** CPU usage since the previous reading, or since the start of the process, in percent of one core; above 100 if several cores are used. */
  readonly cpuPercent: number;
  readonly rssBytes: number;
}

// Of two samplers at nearly the same time, the second would have nothing to count.
const FRESH_MS = 50;

interface Reading {
  readonly usage: Promise<ProcessUsage>;
  readonly atMs: number;
  isUnderWay: boolean;
}

let newest: Reading | undefined;
/** Until when pidusage can compare the next reading with the last one. */
let comparableUntilMs = Number.NEGATIVE_INFINITY;

/**
 * Returns a reading that is in progress or at most 50 ms old.
 * @param rememberMs the maximum time until the next reading, in milliseconds, for which this one is kept for comparison
 */
export function readProcessUsage(rememberMs: number): Promise<ProcessUsage> {
  const atMs = performance.now();
  if (newest !== undefined && (newest.isUnderWay || atMs - newest.atMs <= FRESH_MS)) return newest.usage;
  const reading: Reading = { usage: read(rememberMs), atMs, isUnderWay: true };
  newest = reading;
  reading.usage.then(
    () => {
      reading.isUnderWay = false;
    },
    () => {
      newest = undefined; // the next call tries again
    },
  );
  return reading.usage;
}

async function read(rememberMs: number): Promise<ProcessUsage> {
  // pidusage drops the reading itself and closes its file; its `clear()` would leave the file open.
  const maxage = Math.min(LONGEST_TIMEOUT_MS, rememberMs);
  // Without a reading to compare with, pidusage returns 0.
  const isComparable = performance.now() < comparableUntilMs;
  const { cpu, memory } = await pidusage(process.pid, { maxage });
  comparableUntilMs = performance.now() + maxage;
  return { cpuPercent: isComparable ? cpu : cpuPercentSinceStart(), rssBytes: memory };
}

function cpuPercentSinceStart(): number {
  const { user, system } = process.cpuUsage();
  return ((user + system) / 1e6 / process.uptime()) * 100;
}

/**
 * Reads the size of the used address space, in bytes, from `/proc`; undefined on platforms without it.
 * @see https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
 */
export async function readVirtualSizeBytes(): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  const status = await readFile('/proc/self/status', 'utf8');
  const kibibytes = /^VmSize:\s+(\d+) kB$/m.exec(status)?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}
