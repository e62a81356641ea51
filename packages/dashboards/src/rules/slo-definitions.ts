/** Service level objectives: read from what an application exposes, or given. */
import { CATALOGUE } from '@tsukimi/instrumentation';
import type { FamilySeries, MetricFamily } from '../families/metric-family.js';
import { conflictingSlo, invalidSlo } from './errors.js';

/** What a service level objective promises. */
export interface SloDefinition {
  /** The `slo` label: `OrderController`, `OrderController.create`. */
  readonly name: string;
  /** Share of events that are to be good, between 0 and 1: 0.999. */
  readonly objectiveRatio: number;
  /** Seconds that a good event may take, where the objective has a limit. */
  readonly latencyThresholdSeconds?: number;
}

const { sloLatencyThreshold, sloObjective } = CATALOGUE;
const [LABEL] = sloObjective.labelNames;

/**
 * The objectives that were exposed when the families were read, by name; none for families that nothing was read into.
 *
 * @throws TSK_ERR_RULE_SLO if one is no objective, TSK_ERR_RULE_SLO_CONFLICT where one name has two
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
