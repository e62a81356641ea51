/** Traffic that rises and falls, so that there is something to see. */
import { dirname, join } from 'node:path';
import { startNodeProgram } from '../../test/support/child-process.js';
import { demoMain } from '../../test/support/demo-program.js';

/** Each lasts as long as the others. With these choices, no order makes the task fail until the last two. */
const WAVES = [
  { ratePerSecond: 12, seed: 3 },
  { ratePerSecond: 20, seed: 1_001 },
  { ratePerSecond: 34, seed: 2_002 },
  { ratePerSecond: 42, seed: 3_447 },
  { ratePerSecond: 36, seed: 4_073 },
  { ratePerSecond: 22, seed: 5_052 },
  { ratePerSecond: 14, seed: 6_004 },
  { ratePerSecond: 24, seed: 7_007 },
  { ratePerSecond: 40, seed: 8_004 },
  { ratePerSecond: 54, seed: 9_002 },
] as const;

/** Sends all waves to the demo, in this time altogether, and begins anew until it is stopped. */
export async function sendWaves(url: string, seconds: number, stopped: AbortSignal): Promise<void> {
  while (!stopped.aborted) {
    for (const { ratePerSecond, seed } of WAVES) await sendWave(url, { ratePerSecond, seed, seconds: seconds / WAVES.length }, stopped);
  }
}

interface Wave {
  readonly ratePerSecond: number;
  readonly seed: number;
  readonly seconds: number;
}

async function sendWave(url: string, { ratePerSecond, seed, seconds }: Wave, stopped: AbortSignal): Promise<void> {
  if (stopped.aborted) return;
  const requests = Math.max(1, Math.round(ratePerSecond * seconds));
  const args = ['--url', url, '--requests', String(requests), '--rate', String(ratePerSecond), '--seed', String(seed)];
  const program = startNodeProgram(join(dirname(demoMain()), 'traffic.js'), { args });
  const stop = (): void => void program.stop();
  stopped.addEventListener('abort', stop, { once: true });
  const { code } = await program.exited;
  stopped.removeEventListener('abort', stop);
  if (code !== 0 && !stopped.aborted) throw new Error(`The traffic ended with ${code}: ${program.output.stderr}`);
}
