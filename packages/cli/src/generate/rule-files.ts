/** Recording rules, alerts and objectives as the files that Prometheus loads. */
import { buildRules, type RuleOptions, ruleFileNames } from '@tsukimi/dashboards';
import type { GeneratedFile } from '../output/generated-file.js';

/** The files, whose paths are their names. */
export function ruleFiles(options: RuleOptions): GeneratedFile[] {
  return buildRules(options).map(({ fileName, text }) => ({ path: fileName, text, kind: 'generated' }));
}

/** The names of files that rules have in other cases, `slo.yml` where there is no objective. */
export function obsoleteRuleFiles(files: readonly GeneratedFile[]): string[] {
  const made = new Set(files.map(({ path }) => path));
  return ruleFileNames().filter((name) => !made.has(name));
}
