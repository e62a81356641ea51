/** The input for the rules of an area. */
import type { HistogramQueries } from '../../queries/histograms.js';
import type { HttpNames } from '../../queries/http-names.js';
import type { Matcher } from '../../queries/promql.js';
import type { RuleThresholds } from '../alert-thresholds.js';
import type { SloDefinition } from '../slo-definitions.js';

/** The complete and checked options of the rules. */
export interface AreaContext {
  /** The matchers of all selectors, which select the jobs of the rules. */
  readonly scope: readonly Matcher[];
  /** The jobs; empty means all. */
  readonly jobs: readonly string[];
  readonly slos: readonly SloDefinition[];
  readonly thresholds: RuleThresholds;
  readonly histograms: HistogramQueries;
  /** The names of requests. */
  readonly names: HttpNames;
}
