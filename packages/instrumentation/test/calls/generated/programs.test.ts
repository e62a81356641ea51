/** Random programs, run bare and instrumented: the same results, the same errors, the same order of effects, and every call counted once. */
import { instrument } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { callsIn } from '../support/calls-in.js';
import { hearOfRejections, run } from './driver.js';
import { program } from './program.js';
import type { Book } from './scope.js';
import { sourceOf } from './source.js';

const RUNS = 2_500;

test('a random program runs the same instrumented, and is counted exactly', { timeout: 240_000 }, async () => {
  onTestFinished(hearOfRejections());
  const seen = { calls: 0, failures: 0, unhandled: 0 };
  await fc.assert(
    fc.asyncProperty(program, fc.constantFrom('keep' as const, 'contain' as const), async (generated, unhandled) => {
      const bare = await run(generated, () => undefined);
      const registry = new MetricsRegistry();
      const instrumented = await run(generated, (subject) => instrument(subject, { component: 'Subject', registry, unhandled }));
      const source = sourceOf(generated.classes);
      expect(instrumented.effects, source).toEqual(bare.effects);
      expect(await countsOf(registry), source).toEqual(bare.book);
      if (bare.effects.includes('unhandled')) seen.unhandled += 1;
      for (const { success, failure } of Object.values(bare.book)) {
        seen.calls += success + failure;
        seen.failures += failure;
      }
      // What never ended has to be there until it is compared.
      expect(instrumented.kept.length).toBe(bare.kept.length);
    }),
    { numRuns: RUNS, endOnFailure: false },
  );
  // The programs did something.
  expect(seen.calls).toBeGreaterThan(RUNS);
  expect(seen.unhandled).toBeGreaterThan(0);
  expect(seen.failures).toBeGreaterThan(RUNS / 20);
});

async function countsOf(registry: MetricsRegistry): Promise<Book> {
  const counted = Object.entries(await callsIn(registry, 'Subject'));
  return Object.fromEntries(counted.map(([method, { success, failure }]) => [method, { success, failure }]));
}
