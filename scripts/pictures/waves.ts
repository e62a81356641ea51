/** Traffic that rises and falls, so that there is something to see. */
import type { DemoStage } from '../../test/support/demo-stage.js';

/** What the demo is called in the pictures. */
export const DEMO = 'demo:8000';

/** One after the other for the same time. The choices of the first eight have no order that makes the task fail, those of the others have. */
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
  { ratePerSecond: 44, seed: 10_001 },
  { ratePerSecond: 28, seed: 11_002 },
] as const;

/** Sends all waves to the demo, in this time altogether. */
export async function sendWaves(stage: DemoStage<typeof DEMO>, seconds: number): Promise<void> {
  for (const { ratePerSecond, seed } of WAVES) {
    const requests = Math.max(1, Math.round((ratePerSecond * seconds) / WAVES.length));
    const traffic = stage.sendTraffic(DEMO, '--requests', String(requests), '--rate', String(ratePerSecond), '--seed', String(seed));
    const { code } = await traffic.exited;
    if (code !== 0) throw new Error(`The traffic ended with ${code}: ${traffic.output.stderr}`);
  }
}
