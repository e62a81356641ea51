/** What the process uses of CPU and memory: read once for all who ask, because pidusage counts CPU time since whoever asked last. */
import pidusage from 'pidusage';

/** One reading. */
export interface ProcessUsage {
  /** Percent of one core since the reading before; above 100 where several are used. */
  readonly cpuPercent: number;
  readonly rssBytes: number;
}

// Two samplers of one process, half a tick apart, would leave the second nothing to count.
const FRESH_MS = 50;
const LONGEST_TIMEOUT_MS = 2_147_483_647;

let newest: { readonly reading: Promise<ProcessUsage>; readonly atMs: number } | undefined;

/**
 * A reading that is at most 50 ms old.
 * @param rememberMs how long the next reading may stay away and still be compared to this one
 */
export function readProcessUsage(rememberMs: number): Promise<ProcessUsage> {
  const atMs = performance.now();
  if (newest !== undefined && atMs - newest.atMs <= FRESH_MS) return newest.reading;
  const reading = read(rememberMs);
  newest = { reading, atMs };
  reading.catch(() => {
    newest = undefined; // whoever asks next tries again
  });
  return reading;
}

async function read(rememberMs: number): Promise<ProcessUsage> {
  // pidusage forgets by itself and closes its file then; its `clear()` would leave the file open.
  const { cpu, memory } = await pidusage(process.pid, { maxage: Math.min(LONGEST_TIMEOUT_MS, rememberMs) });
  return { cpuPercent: cpu, rssBytes: memory };
}
