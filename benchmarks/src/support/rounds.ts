/** Times subjects in turns, so that whatever else the machine does meets all of them alike. */

export interface RoundsOptions {
  /** How often each subject gets its turn; the median counts. */
  readonly rounds: number;
  /** How often a subject is called in one turn. */
  readonly calls: number;
}

type Subject = () => unknown;

/** Median nanoseconds per call of each subject. */
export function timeInTurns<K extends string>(subjects: Readonly<Record<K, Subject>>, { rounds, calls }: RoundsOptions): Record<K, number> {
  const names = Object.keys(subjects) as K[];
  const loops = names.map((name) => loopOf(subjects[name]));
  const turns = names.map((): number[] => []);
  for (const loop of loops) loop(calls);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, loop] of loops.entries()) turns[index]?.push(nanoseconds(() => loop(calls)) / calls);
  }
  return Object.fromEntries(names.map((name, index) => [name, median(turns[index] ?? [])])) as Record<K, number>;
}

/** The same for subjects that return promises, each awaited before the next call. */
export async function timeAsyncInTurns<K extends string>(
  subjects: Readonly<Record<K, () => Promise<unknown>>>,
  { rounds, calls }: RoundsOptions,
): Promise<Record<K, number>> {
  const names = Object.keys(subjects) as K[];
  const loops = names.map((name) => asyncLoopOf(subjects[name]));
  const turns = names.map((): number[] => []);
  for (const loop of loops) await loop(calls);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, loop] of loops.entries()) {
      const start = process.hrtime.bigint();
      await loop(calls);
      turns[index]?.push(Number(process.hrtime.bigint() - start) / calls);
    }
  }
  return Object.fromEntries(names.map((name, index) => [name, median(turns[index] ?? [])])) as Record<K, number>;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

// A loop of its own for each subject: in a shared one the engine could not inline any of them, and every subject would look slower.
export function loopOf(subject: Subject): (calls: number) => void {
  return new Function('subject', 'return (calls) => { let sink; for (let i = 0; i < calls; i += 1) sink = subject(); return sink; }')(
    subject,
  );
}

function asyncLoopOf(subject: () => Promise<unknown>): (calls: number) => Promise<void> {
  return new Function('subject', 'return async (calls) => { for (let i = 0; i < calls; i += 1) await subject(); }')(subject);
}

function nanoseconds(run: () => void): number {
  const start = process.hrtime.bigint();
  run();
  return Number(process.hrtime.bigint() - start);
}
