/** Recording rules, alerts and objectives as the files that Prometheus loads. */
import { buildRules, type MetricFamily } from '@tsukimi/dashboards';
import type { GeneratedFile } from '../files/generated-file.js';

/**
 * The files, whose paths are their names.
 * @param jobs the `job` labels they are for; every job where there are none
 */
export function ruleFiles(families: readonly MetricFamily[], jobs: readonly string[] = []): GeneratedFile[] {
  return buildRules({ families, jobs }).map(({ fileName, text }) => ({ path: fileName, text, kind: 'generated' }));
}
