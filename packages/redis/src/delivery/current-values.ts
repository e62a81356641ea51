/** The current values of one process: gauges, infos and state sets, which expire with it. */
import type { FamilyHead, MetricFamily, MetricValue } from '@tsukimi/metrics';
import { labelsText } from '../key-text.js';

/** A family of current values as it is kept in Redis. */
export interface CurrentFamily extends FamilyHead {
  readonly type: 'gauge' | 'info' | 'stateset';
  readonly states?: readonly string[];
  /** Labels and value by turns: the value of a gauge, the active states of a state set, 1 for an info. */
  readonly values: readonly (string | MetricValue | readonly string[])[];
}

/** What a process keeps in Redis of its current values. */
export interface CurrentState {
  /** The value of the label `process`. */
  readonly process: string;
  readonly families: readonly CurrentFamily[];
}

/** Current values that are being collected. */
export class CurrentValues {
  readonly #process: string;
  readonly #families: CurrentFamily[] = [];

  constructor(process: string) {
    this.#process = process;
  }

  /** Takes a family of current values; returns false for others. */
  take(family: MetricFamily): boolean {
    const kept = currentFamily(family);
    if (kept !== undefined) this.#families.push(kept);
    return kept !== undefined || family.type === 'gaugehistogram';
  }

  text(): string {
    return JSON.stringify({ process: this.#process, families: this.#families } satisfies CurrentState);
  }
}

function currentFamily(family: MetricFamily): CurrentFamily | undefined {
  const { name, help, unit } = family;
  const head = { name, help, ...(unit !== undefined && { unit }) };
  switch (family.type) {
    case 'gauge':
    case 'untyped':
      return { ...head, type: 'gauge', values: family.points.flatMap(({ labels, value }) => [labelsText(labels), value]) };
    case 'info':
      return { ...head, type: 'info', values: family.points.flatMap(({ labels }) => [labelsText(labels), 1]) };
    case 'stateset':
      return { ...head, type: 'stateset', states: family.states, values: family.points.flatMap(statesOf) };
    default:
      return undefined;
  }
}

function statesOf({ labels, active }: { readonly labels: Readonly<Record<string, string>>; readonly active: readonly string[] }) {
  return [labelsText(labels), active];
}
