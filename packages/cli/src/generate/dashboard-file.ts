/** The dashboard as the file that Grafana loads. */
import { buildDashboard, type DashboardOptions, dashboardJson } from '@tsukimi/dashboards';
import type { GeneratedFile } from '../output/generated-file.js';

/** What may be chosen of a dashboard. */
export type DashboardChoice = Pick<DashboardOptions, 'families' | 'title' | 'uid'>;

const DEFAULT_UID = 'tsukimi';

/** One file, whose path is its name; the mark that it carries is in its description. */
export function dashboardFile({ uid = DEFAULT_UID, ...choice }: DashboardChoice): GeneratedFile {
  return { path: `${uid}.json`, text: dashboardJson(buildDashboard({ ...choice, uid })), kind: 'generated' };
}
