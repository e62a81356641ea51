/** The options of a dashboard, with their defaults. */
import { isMetricName, isSampleLabelName } from '@tsukimi/metrics';
import { invalidFamily, invalidOption } from '../errors.js';
import { isMetricFamilyType, type MetricFamily } from '../families/metric-family.js';
import { HISTOGRAM_KIND_NAMES, type HistogramKind, isHistogramKind } from '../queries/histograms.js';
import { type DashboardNaming, isDashboardNaming, NAMING_NAMES, namingOf } from '../queries/http-names.js';

export interface DashboardOptions {
  /** The families that the application exposes; those of the catalogue are added. If none has a series, all built-in rows are included. */
  readonly families?: readonly MetricFamily[] | undefined;
  /**
   * The title in Grafana.
   * @default 'Tsukimi'
   */
  readonly title?: string | undefined;
  /**
   * The identifier in the address: 1 to 40 letters, digits, `-` and `_`. Each dashboard needs its own.
   * @default 'tsukimi'
   */
  readonly uid?: string | undefined;
  /**
   * The tags in Grafana.
   * @default ['tsukimi']
   */
  readonly tags?: readonly string[] | undefined;
  /**
   * The refresh interval, such as `5s`, `1m` or `1h`; empty for never.
   * @default '10s'
   */
  readonly refresh?: string | undefined;
  /**
   * The initial time range, such as `30m`, `6h` or `7d`.
   * @default '1h'
   */
  readonly timeRange?: string | undefined;
  /**
   * What panels ask histograms for. `both` works with and without native histograms and needs Prometheus 2.40 or newer; `classic` works everywhere.
   * @default 'both'
   */
  readonly histograms?: HistogramKind | undefined;
  /**
   * The names under which the application records requests, its `metrics.naming`; for `both`, either of them.
   * @default what the families show, or 'tsukimi'
   */
  readonly naming?: DashboardNaming | undefined;
}

/** Complete and checked options. */
export type CheckedOptions = { readonly [K in keyof DashboardOptions]-?: Exclude<DashboardOptions[K], undefined> };

const DURATION = /^[1-9]\d*[smhdwMy]$/;

interface Rule {
  readonly allowed: string;
  readonly holds: (value: unknown) => boolean;
}

const RULES: Readonly<Record<keyof CheckedOptions, Rule>> = {
  families: { allowed: 'a list of families', holds: Array.isArray },
  title: { allowed: 'a text', holds: (value) => typeof value === 'string' && value.trim() !== '' },
  uid: { allowed: '1 to 40 letters, digits, - and _', holds: (value) => typeof value === 'string' && /^[\w-]{1,40}$/.test(value) },
  tags: { allowed: 'a list of texts', holds: (value) => Array.isArray(value) && value.every((tag) => typeof tag === 'string') },
  refresh: { allowed: 'a duration such as 10s, or an empty text', holds: (value) => value === '' || isDuration(value) },
  timeRange: { allowed: 'a duration such as 1h', holds: isDuration },
  histograms: { allowed: HISTOGRAM_KIND_NAMES, holds: isHistogramKind },
  naming: { allowed: NAMING_NAMES, holds: isDashboardNaming },
};

/** @throws TSK_ERR_DASHBOARD_OPTION, TSK_ERR_DASHBOARD_FAMILY */
export function checkedOptions(options: DashboardOptions): CheckedOptions {
  const {
    families = [],
    title = 'Tsukimi',
    uid = 'tsukimi',
    tags = ['tsukimi'],
    refresh = '10s',
    timeRange = '1h',
    histograms = 'both',
    naming = Array.isArray(families) ? namingOf(families) : 'tsukimi',
  } = options;
  const complete: CheckedOptions = { families, title, uid, tags, refresh, timeRange, histograms, naming };
  for (const [name, { allowed, holds }] of Object.entries(RULES)) {
    const value = complete[name as keyof CheckedOptions];
    if (!holds(value)) throw invalidOption(name, value, allowed);
  }
  families.forEach(checkFamily);
  return complete;
}

function isDuration(value: unknown): boolean {
  return typeof value === 'string' && DURATION.test(value);
}

/** Names are inserted into queries unchanged, so text that is not a name could change the query. */
function checkFamily({ name, type, labelNames }: MetricFamily): void {
  if (!isMetricName(name)) throw invalidFamily(name, `${JSON.stringify(name)} is not a metric name`);
  if (!isMetricFamilyType(type)) throw invalidFamily(name, `${JSON.stringify(type)} is not a type`);
  const wrong = labelNames.find((label) => !isSampleLabelName(label));
  if (wrong !== undefined) throw invalidFamily(name, `${JSON.stringify(wrong)} is not a label name`);
}
