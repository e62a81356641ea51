/** The totals of one metric, for each kind. */
import type { Exemplar } from '../../exemplar.js';
import type { Instrument } from '../../instruments/instrument.js';
import { isOverflow, OVERFLOW_LABEL_VALUE } from '../../label-sets.js';
import type { FamilyDefinition, Numbers, SeriesDefinition } from '../changes.js';

/** A process or thread whose metrics are added to the totals. */
export interface TotalsSource {
  /** Its number, or another name, for the label `worker`. A process that replaces another one has the same. */
  readonly worker: number | string;
  /** Tells it from those before and after it; a later one has a higher number. */
  readonly incarnation: number;
}

/** The totals of one metric. `T` is what they have of one label set of one source. */
export interface TotalKind<T = unknown> {
  readonly instrument: Instrument;
  /** Takes what another source says of the metric. Returns how that differs, if it matters. */
  describe(definition: FamilyDefinition, source: TotalsSource): string | undefined;
  target(definition: FamilyDefinition, series: SeriesDefinition, source: TotalsSource): T;
  /** Adds what follows in the numbers. Returns by how much the count has increased: 0 for current values. */
  add(target: T, numbers: Numbers, definition: FamilyDefinition): number;
  exemplar(target: T, bucket: number, exemplar: Exemplar): void;
  /** Takes back a current value; what was counted stays. */
  remove(target: T): void;
}

/** Takes the help and the label names of a definition. Label sets without a label that another source has have it empty. */
export function describeInstrument(instrument: Instrument, { help, labelNames }: FamilyDefinition): void {
  if (help !== instrument.help) (instrument as { help: string }).help = help;
  const further = labelNames.filter((name) => !instrument.labelNames.includes(name));
  if (further.length > 0) instrument.addLabelNames(further);
}

/** Orders the label values of a source like those of the totals. */
export function valuesFor({ labelNames }: Instrument, names: readonly string[], values: readonly string[]): string[] {
  const isPastLimit = isOverflow(values);
  return labelNames.map((name) => (isPastLimit ? OVERFLOW_LABEL_VALUE : (values[names.indexOf(name)] ?? '')));
}

export function unitConflict({ unit }: Instrument, definition: FamilyDefinition): string | undefined {
  return unit === definition.unit ? undefined : `with the unit ${definition.unit ?? 'none'}, and the totals with ${unit ?? 'none'}`;
}
