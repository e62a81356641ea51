/** The dashboard as the file that Grafana loads, and rules as the files that Prometheus loads. */
import {
  bucketWarnings,
  buildDashboard,
  buildRules,
  type DashboardOptions,
  dashboardJson,
  type RuleOptions,
  ruleFileNames,
} from '@tsukimi/dashboards';
import type { CommandContext } from '../command-context.js';
import type { GeneratedFile } from '../output/generated-file.js';

/** What may be chosen of a dashboard. */
export type DashboardChoice = Pick<DashboardOptions, 'families' | 'title' | 'uid' | 'histograms' | 'naming'>;

const DEFAULT_UID = 'tsukimi';

/** One file, whose path is its name; the mark that it carries is in its description. */
export function dashboardFile({ uid = DEFAULT_UID, ...choice }: DashboardChoice): GeneratedFile {
  return { path: `${uid}.json`, text: dashboardJson(buildDashboard({ ...choice, uid })), kind: 'generated' };
}

/** Recording rules, alerts and objectives; the path of each file is its name. */
export function ruleFiles(options: RuleOptions): GeneratedFile[] {
  return buildRules(options).map(({ fileName, text }) => ({ path: fileName, text, kind: 'generated' }));
}

/** The names of files that rules have in other cases, `slo.yml` where there is no objective. */
export function obsoleteRuleFiles(files: readonly GeneratedFile[]): string[] {
  const made = new Set(files.map(({ path }) => path));
  return ruleFileNames().filter((name) => !made.has(name));
}

/** Writes a warning for each alert whose threshold lies inside a classic bucket. */
export function warnOfBuckets({ errorOutput }: CommandContext, options: RuleOptions): void {
  for (const warning of bucketWarnings(options)) errorOutput.write(`warning: ${warning}\n`);
}
