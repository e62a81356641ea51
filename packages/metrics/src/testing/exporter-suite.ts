/** The suite that every exporter must pass. */
import { CASES, type KitCase } from './cases.js';
import type { ExporterUnderTest, OtherSide } from './exporter-under-test.js';
import { Stage } from './stage.js';

/** A case of the suite. */
export interface ExporterCase {
  readonly name: string;
  /** Why the exporter does not have to pass the case; undefined if it has to. */
  readonly excused: string | undefined;
  /** Runs the case. Takes up to a minute. @throws AssertionError with what the exporter did wrong */
  run(): Promise<void>;
}

/**
 * Returns the cases for an exporter, to be run by any test runner, one after the other.
 *
 * @example
 * for (const { name, run, excused } of exporterSuite(mine)) test.skipIf(excused)(name, run, 60_000);
 */
export function exporterSuite<O extends OtherSide>(subject: ExporterUnderTest<O>): readonly ExporterCase[] {
  const { maxBlockMs = 50 } = subject;
  return CASES.map((each) => ({
    name: each.name,
    excused: excuseOf(each, subject as unknown as ExporterUnderTest),
    run: () => Stage.run(subject as unknown as ExporterUnderTest, (stage) => each.play(stage, { maxBlockMs })),
  }));
}

function excuseOf({ needs }: KitCase, { acknowledges = true, faults = [] }: ExporterUnderTest): string | undefined {
  if (needs === undefined) return undefined;
  if (needs === 'confirmation') return acknowledges ? undefined : 'the other side confirms nothing';
  return faults.includes(needs) ? undefined : `the other side of the test can't have the fault "${needs}"`;
}
