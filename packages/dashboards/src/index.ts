/** Grafana dashboards and Prometheus rules, as code. */
export type { FamilySeries, MetricFamily, MetricFamilyType } from './families/metric-family.js';
