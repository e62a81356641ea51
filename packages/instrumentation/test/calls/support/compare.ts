/** Plays one scenario twice, on a bare object and on an instrumented one, and holds the two against each other. */
import { instrument } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { expect } from 'vitest';
import { type Counted, callsIn } from './calls-in.js';

/** What a script has at hand. */
export interface World {
  /** Notes an effect: effects have to come in the same order both times. */
  log(...effects: unknown[]): void;
  /** Lets time pass on the registry's clock. */
  advance(milliseconds: number): void;
}

export interface Play<T extends object> {
  /** Makes the object, the same each time. */
  readonly make: (world: World) => T;
  readonly script: (subject: T, world: World) => unknown;
}

/** What one playing came to. */
export interface Trace {
  readonly effects: readonly unknown[];
  readonly ended: 'returned' | 'threw';
  readonly outcome: unknown;
}

export interface Comparison {
  readonly bare: Trace;
  readonly instrumented: Trace;
  /** By method: what was counted. */
  readonly calls: Record<string, Counted>;
}

/** Plays a scenario both ways. */
export async function compare<T extends object>({ make, script }: Play<T>): Promise<Comparison> {
  const bare = await trace((world) => script(make(world), world), stopwatch());
  const time = stopwatch();
  const registry = new MetricsRegistry({ clock: time.clock });
  const instrumented = await trace((world) => script(instrument(make(world), { component: 'Subject', registry }), world), time);
  return { bare, instrumented, calls: await callsIn(registry) };
}

/** Asserts that both ways came to the same, and returns what was counted. */
export async function playedAlike<T extends object>(play: Play<T>): Promise<Record<string, Counted>> {
  const { bare, instrumented, calls } = await compare(play);
  expect(instrumented).toStrictEqual(bare);
  return calls;
}

/** What is counted of one call, or of several that took this long together. */
export function calls(success: number, failure: number, milliseconds = 0): Counted {
  return { success, failure, seconds: Math.round(milliseconds * 1e6) / 1e9 };
}

/** The same for errors that are the same, whatever objects they are. */
export function described(value: unknown): unknown {
  return value instanceof Error ? `${value.constructor.name} ${value.name}: ${value.message}` : value;
}

function stopwatch() {
  let now = 0n;
  const advance = (milliseconds: number): void => {
    now += BigInt(Math.round(milliseconds * 1e6));
  };
  return { clock: () => now, advance };
}

async function trace(run: (world: World) => unknown, { advance }: Pick<World, 'advance'>): Promise<Trace> {
  const effects: unknown[] = [];
  const log = (...noted: unknown[]): void => void effects.push(...noted.map(described));
  try {
    return { effects, ended: 'returned', outcome: described(await run({ log, advance })) };
  } catch (error) {
    return { effects, ended: 'threw', outcome: described(error) };
  }
}
