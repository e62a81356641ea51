/** Reads service level objectives from families, and checks them. */
import { CATALOGUE } from '@tsukimi/instrumentation';
import type { FamilySeries, MetricFamily } from '../families/metric-family.js';
import { conflictingSlo, invalidSlo } from './errors.js';

/** A service level objective. */
export interface SloDefinition {
  /** The value of the label `slo`: `OrderController`, `OrderController.create`. */
  readonly name: string;
  /** The target share of good events, between 0 and 1, such as 0.999. */
  readonly objectiveRatio: number;
  /** The maximum duration of a good event, in seconds, if the objective limits it. */
  readonly latencyThresholdSeconds?: number;
}

const { sloLatencyThreshold, sloObjective } = CATALOGUE;
const [LABEL] = sloObjective.labelNames;

/**
 * Returns the objectives of families, by name; none if the families have no series.
 *
 * @throws TSK_ERR_RULE_SLO if an objective is invalid, TSK_ERR_RULE_SLO_CONFLICT if two have the same name
 */
export function sloDefinitions(families: readonly MetricFamily[]): SloDefinition[] {
  const thresholds = new Map(seriesOf(families, sloLatencyThreshold.name).map(({ labels, value }) => [labels[LABEL], value]));
  const exposed = seriesOf(families, sloObjective.name).map(({ labels, value = Number.NaN }): SloDefinition => {
    const latencyThresholdSeconds = thresholds.get(labels[LABEL]);
    return {
      name: labels[LABEL] ?? '',
      objectiveRatio: value,
      ...(latencyThresholdSeconds !== undefined && { latencyThresholdSeconds }),
    };
  });
  return checkedSlos(exposed);
}

/** @throws TSK_ERR_RULE_SLO, TSK_ERR_RULE_SLO_CONFLICT */
export function checkedSlos(slos: readonly SloDefinition[]): SloDefinition[] {
  const byName = new Map<string, SloDefinition>();
  for (const slo of slos) {
    checkSlo(slo);
    const other = byName.get(slo.name);
    if (other !== undefined && other.objectiveRatio !== slo.objectiveRatio)
      throw conflictingSlo(slo.name, [other.objectiveRatio, slo.objectiveRatio]);
    byName.set(slo.name, slo);
  }
  return [...byName.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
}

function seriesOf(families: readonly MetricFamily[], name: string): readonly FamilySeries[] {
  return families.find((family) => family.name === name)?.series ?? [];
}

function checkSlo({ name, objectiveRatio, latencyThresholdSeconds }: SloDefinition): void {
  if (typeof name !== 'string' || name === '') throw invalidSlo({ name, what: 'name', received: name, allowed: 'a text' });
  if (typeof objectiveRatio !== 'number' || !(objectiveRatio > 0 && objectiveRatio < 1))
    throw invalidSlo({ name, what: 'objectiveRatio', received: objectiveRatio, allowed: 'a share between 0 and 1, such as 0.999' });
  if (latencyThresholdSeconds === undefined) return;
  if (typeof latencyThresholdSeconds !== 'number' || !(latencyThresholdSeconds > 0 && latencyThresholdSeconds < Number.POSITIVE_INFINITY))
    throw invalidSlo({ name, what: 'latencyThresholdSeconds', received: latencyThresholdSeconds, allowed: 'a number of seconds above 0' });
}
