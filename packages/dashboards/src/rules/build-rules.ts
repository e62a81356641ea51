/** Builds Prometheus's rule files: recording rules and alerts. */
import { invalidOption } from '../errors.js';
import type { MetricFamily } from '../families/metric-family.js';
import { nearestOf } from '../nearest-name.js';
import { HISTOGRAM_KIND_NAMES, type HistogramKind, HistogramQueries, isHistogramKind } from '../queries/histograms.js';
import { type DashboardNaming, httpNames, isDashboardNaming, NAMING_NAMES, namingOf } from '../queries/http-names.js';
import type { QueriedMetric } from '../queries/promql.js';
import { jobScope } from '../queries/scopes.js';
import { DEFAULT_RUNBOOK } from '../repository.js';
import { checkedThresholds, type RuleThresholds } from './alert-thresholds.js';
import type { AreaContext } from './areas/area-context.js';
import { componentRules } from './areas/components.js';
import { httpRules } from './areas/http.js';
import { metricRules } from './areas/metrics.js';
import { processRules } from './areas/process.js';
import { schedulerRules } from './areas/scheduler.js';
import { scrapeRules } from './areas/scrape.js';
import { sloRules } from './areas/slo.js';
import type { RuleArea } from './rule.js';
import { type RuleFile, ruleFile } from './rule-file.js';
import { checkedSlos, type SloDefinition, sloDefinitions } from './slo-definitions.js';

/** The options of `buildRules`. */
export interface RuleOptions {
  /** The families, from `catalogueFamilies()` or from an application. Rules on other metrics are left out. */
  readonly families: readonly MetricFamily[];
  /** Objectives in addition to those of the families. They override objectives with the same name. */
  readonly slos?: readonly SloDefinition[];
  /**
   * The `job` labels that the rules apply to.
   * @default all jobs
   */
  readonly jobs?: readonly string[];
  /**
   * Names of alerts to leave out, such as `ScheduledTaskStopped`.
   * @default none
   */
  readonly without?: readonly string[];
  readonly thresholds?: Partial<RuleThresholds>;
  /**
   * What the rules ask histograms for. `both` works with and without native histograms and needs Prometheus 2.40 or newer; `classic` works everywhere.
   * @default 'both'
   */
  readonly histograms?: HistogramKind;
  /**
   * The names under which the application records requests, its `metrics.naming`; for `both`, either of them.
   * @default what the families show, or 'tsukimi'
   */
  readonly naming?: DashboardNaming;
  /**
   * The http or https URL of a page with a section for each alert, without a fragment.
   * @default Tsukimi's guide
   */
  readonly runbook?: string;
}

const AREAS: readonly ((context: AreaContext) => RuleArea)[] = [
  httpRules,
  componentRules,
  schedulerRules,
  sloRules,
  processRules,
  scrapeRules,
  metricRules,
];

/**
 * Returns the rule files for an application, one for each subject: recording rules and alerts. No file is written.
 *
 * @returns `http.yml`, `components.yml`, `scheduler.yml`, `slo.yml` (if there are objectives), `process.yml`, `scrape.yml`, `metrics.yml`
 * @throws TSK_ERR_DASHBOARD_OPTION, TSK_ERR_RULE_SLO, TSK_ERR_RULE_SLO_CONFLICT
 * @see https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/
 */
export function buildRules(options: RuleOptions): RuleFile[] {
  const { families, without = [], runbook = DEFAULT_RUNBOOK } = options;
  const context = contextOf(options);
  const areas = AREAS.map((area) => area(context));
  checkWithout(without);
  checkRunbook(runbook);
  // With an explicit naming, the metrics are known though the catalogue has the other names.
  const named = options.naming === undefined ? [] : [context.names.requests.name, context.names.duration.name];
  const known = new Set([...families.map(({ name }) => name), ...named]);
  const isKnown = ({ reads }: { readonly reads: readonly QueriedMetric[] }) => reads.every(({ name }) => known.has(name));
  return areas
    .map(({ name, recordings, alerts }) => ({
      name,
      recordings: recordings.filter(isKnown),
      alerts: alerts.filter((rule) => isKnown(rule) && !without.includes(rule.alert)),
    }))
    .filter(({ recordings, alerts }) => recordings.length + alerts.length > 0)
    .map((area) => ruleFile(area, runbook));
}

function contextOf({ families, slos = [], jobs = [], thresholds, histograms = 'both', naming }: RuleOptions): AreaContext {
  if (!Array.isArray(families)) throw invalidOption('families', families, 'a list of families, such as catalogueFamilies(),');
  const given = new Set(slos.map(({ name }) => name));
  const exposed = sloDefinitions(families).filter(({ name }) => !given.has(name));
  for (const job of jobs) if (typeof job !== 'string' || job === '') throw invalidOption('jobs', job, 'a list of texts that are not empty');
  if (!isHistogramKind(histograms)) throw invalidOption('histograms', histograms, HISTOGRAM_KIND_NAMES);
  if (naming !== undefined && !isDashboardNaming(naming)) throw invalidOption('naming', naming, NAMING_NAMES);
  const queries = new HistogramQueries(histograms);
  return {
    scope: jobScope(jobs),
    jobs: [...new Set(jobs)],
    slos: checkedSlos([...exposed, ...slos]),
    thresholds: checkedThresholds(thresholds, histograms),
    histograms: queries,
    names: httpNames(naming ?? namingOf(families), queries),
  };
}

function checkWithout(without: readonly string[]): void {
  const known = alertNames();
  const unknown = without.find((name) => !known.includes(name));
  if (unknown !== undefined) throw invalidOption('without', unknown, nearestOf(unknown, known));
}

/** Alertmanager shows the runbook as a link, so it must be a complete URL, and each alert adds its own fragment. */
function checkRunbook(runbook: unknown): void {
  const isUrl = typeof runbook === 'string' && /^https?:\/\//i.test(runbook) && URL.canParse(runbook) && !runbook.includes('#');
  if (!isUrl) throw invalidOption('runbook', runbook, 'an http or https URL without a fragment');
}

/** Returns the names of all possible files, such as `slo.yml`. */
export function ruleFileNames(): string[] {
  return everyArea().map(({ name }) => `${name}.yml`);
}

/** Returns the names of all possible alerts, including those that need an objective or a job. */
function alertNames(): string[] {
  return [...new Set(everyArea().flatMap(({ alerts }) => alerts.map(({ alert }) => alert)))];
}

function everyArea(): RuleArea[] {
  const context = contextOf({ families: [], slos: [{ name: 'any', objectiveRatio: 0.999 }], jobs: ['any'] });
  return AREAS.map((area) => area(context));
}
