/** A suite runs in a process of its own, so that no suite's code shapes how another's is compiled. */
import type { Row } from './row.js';

export interface SuiteOptions {
  /** Few calls and rounds: shows that the suite runs, says nothing about speed. */
  readonly quick: boolean;
}

/** Runs a suite and hands its rows to the process that started it. */
export async function runSuite(suite: (options: SuiteOptions) => Row[] | Promise<Row[]>): Promise<void> {
  const rows = await suite({ quick: process.argv.includes('--quick') });
  if (process.send === undefined) console.table(rows);
  else process.send(rows, () => process.disconnect());
}
