/** Runs a script on objects of a package as it comes, and on instrumented ones, and asserts that it tells the same. */
import { instrument } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { expect } from 'vitest';
import { type Counted, callsIn } from '../../calls/support/calls-in.js';
import { described } from '../../calls/support/compare.js';

/** What a script does with each object it makes: nothing, or instrument it. */
export type Wire = <T extends object>(object: T) => T;

/** A script: what it tells has to be the same both ways. */
export type Script = (wire: Wire, tell: (...told: unknown[]) => void) => Promise<void>;

/** Runs it both ways. @returns what was counted */
export async function bothWays(script: Script): Promise<Record<string, Counted>> {
  const registry = new MetricsRegistry();
  const bare = await told(script, (object) => object);
  const instrumented = await told(script, (object) => instrument(object, { component: 'Object', registry }));
  expect(bare.length).toBeGreaterThan(0);
  expect(instrumented).toStrictEqual(bare);
  return await callsIn(registry);
}

async function told(script: Script, wire: Wire): Promise<unknown[]> {
  const all: unknown[] = [];
  await script(wire, (...values) => all.push(...values.map(described)));
  return all;
}
