/** What the rules of an area are made from. */
import type { Matcher } from '../../queries/promql.js';
import type { RuleThresholds } from '../alert-thresholds.js';
import type { SloDefinition } from '../slo-definitions.js';

/** The options of the rules, checked and complete. */
export interface AreaContext {
  /** What every selector has: the jobs that the rules are for. */
  readonly scope: readonly Matcher[];
  /** Empty means all. */
  readonly jobs: readonly string[];
  readonly slos: readonly SloDefinition[];
  readonly thresholds: RuleThresholds;
}
