/** All dashboards, by the name of their file in grafana/dashboards. */
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { applicationDashboard } from './application.js';
import { hostDashboard } from './host.js';
import { postgresqlDashboard } from './postgresql.js';

export const stackDashboards: Readonly<Record<string, Dashboard>> = {
  application: applicationDashboard,
  host: hostDashboard,
  postgresql: postgresqlDashboard,
};
