/** Reads the CPU and memory usage of the process. Readings are shared, because pidusage counts CPU time since its last reading. */

import { readFile } from 'node:fs/promises';
// The default export, which has the current `setInterval` of Node.
import timers from 'node:timers';
import { LONGEST_TIMEOUT_MS, nanoseconds, processClock, unfaked } from '@tsukimi/metrics';
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
  const atMs = nowMs();
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

/** The time and the CPU time of the last reading without pidusage. */
let last = { atMs: nowMs() - process.uptime() * 1000, cpuMs: 0 };

async function read(rememberMs: number): Promise<ProcessUsage> {
  // pidusage has an interval of its own. A test that fakes timers would run it endlessly.
  if (globalThis.setInterval !== unfaked(timers.setInterval, 'setInterval')) return readFromNode();
  // pidusage drops the reading itself and closes its file; its `clear()` would leave the file open.
  const maxage = Math.min(LONGEST_TIMEOUT_MS, rememberMs);
  // Without a reading to compare with, pidusage returns 0.
  const isComparable = nowMs() < comparableUntilMs;
  const { cpu, memory } = await pidusage(process.pid, { maxage });
  comparableUntilMs = nowMs() + maxage;
  return { cpuPercent: isComparable ? cpu : cpuPercentSinceStart(), rssBytes: memory };
}

function readFromNode(): ProcessUsage {
  const { user, system } = process.cpuUsage();
  const now = { atMs: nowMs(), cpuMs: (user + system) / 1000 };
  const cpuPercent = ((now.cpuMs - last.cpuMs) / (now.atMs - last.atMs)) * 100;
  last = now;
  return { cpuPercent, rssBytes: process.memoryUsage.rss() };
}

/** Reads the real clock, even if a test fakes the time. */
function nowMs(): number {
  return nanoseconds(processClock()) / 1e6;
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
