/** Grafana dashboards and Prometheus rules, as code. */
export { buildDashboard, dashboardJson } from './dashboard/build-dashboard.js';
export type { DashboardOptions } from './dashboard/dashboard-options.js';
export { DashboardError } from './errors.js';
export { catalogueFamilies } from './families/catalogue-families.js';
export { readExposition } from './families/exposition.js';
export { mergeFamilies } from './families/merge-families.js';
export type { FamilySeries, MetricFamily, MetricFamilyType } from './families/metric-family.js';
export { PROCESS_CATALOGUE } from './families/process-catalogue.js';
export { familiesOfRegistry } from './families/registry-families.js';
export type { HistogramKind } from './queries/histograms.js';
export type { DashboardNaming } from './queries/http-names.js';
export { type FetchFamiliesOptions, fetchFamilies } from './remote/fetch-families.js';
export { DEFAULT_RUNBOOK } from './repository.js';
export { DEFAULT_THRESHOLDS, type RuleThresholds } from './rules/alert-thresholds.js';
export { bucketWarnings } from './rules/bucket-warnings.js';
export { buildRules, type RuleOptions, ruleFileNames } from './rules/build-rules.js';
export type { RuleFile } from './rules/rule-file.js';
export { type SloDefinition, sloDefinitions } from './rules/slo-definitions.js';
