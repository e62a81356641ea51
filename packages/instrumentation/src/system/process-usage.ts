/** What the process uses of CPU and memory: read once for all who ask, because pidusage counts CPU time since whoever asked last. */

import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { LONGEST_TIMEOUT_MS } from '@tsukimi/metrics';
import pidusage from 'pidusage';

/** One reading. */
export interface ProcessUsage {
  /** Percent of one core since the reading before, or since the process started where there was none; above 100 where several are used. */
  readonly cpuPercent: number;
  readonly rssBytes: number;
}

// Two samplers of one process, half a tick apart, would leave the second nothing to count.
const FRESH_MS = 50;

interface Reading {
  readonly usage: Promise<ProcessUsage>;
  readonly atMs: number;
  isUnderWay: boolean;
}

let newest: Reading | undefined;
/** How long pidusage can compare the next reading to the last one. */
let comparableUntilMs = Number.NEGATIVE_INFINITY;

/**
 * A reading that is under way, or at most 50 ms old.
 * @param rememberMs how long the next reading may stay away and still be compared to this one
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
      newest = undefined; // whoever asks next tries again
    },
  );
  return reading.usage;
}

async function read(rememberMs: number): Promise<ProcessUsage> {
  // pidusage forgets by itself and closes its file then; its `clear()` would leave the file open.
  const maxage = Math.min(LONGEST_TIMEOUT_MS, rememberMs);
  // With nothing to compare to, pidusage says 0.
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
 * Bytes of address space in use, from `/proc`; undefined on platforms that have none.
 * @see https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
 */
export async function readVirtualSizeBytes(): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  const status = await readFile('/proc/self/status', 'utf8');
  const kibibytes = /^VmSize:\s+(\d+) kB$/m.exec(status)?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}
