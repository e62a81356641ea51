/** What a dashboard can be given, and what it is otherwise. */
import { isMetricName, isSampleLabelName } from '@tsukimi/metrics';
import { invalidFamily, invalidOption } from '../errors.js';
import { isMetricFamilyType, type MetricFamily } from '../families/metric-family.js';

export interface DashboardOptions {
  /** What the application exposes; the catalogue is added. Without any series nothing is known of it, and every built-in row is there. */
  readonly families?: readonly MetricFamily[] | undefined;
  /** "Tsukimi" unless told. */
  readonly title?: string | undefined;
  /** What its address has: letters, digits, `-` and `_`, 1 to 40; `tsukimi` unless told. Two dashboards need two. */
  readonly uid?: string | undefined;
  /** Words to find it by; `tsukimi` unless told. */
  readonly tags?: readonly string[] | undefined;
  /** How often it asks anew: `5s`, `1m`, `1h`; `10s` unless told, empty for never. */
  readonly refresh?: string | undefined;
  /** How far back it looks when it is opened: `30m`, `6h`, `7d`; `1h` unless told. */
  readonly timeRange?: string | undefined;
}

/** Options that are complete and were checked. */
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
};

/** @throws TSK_ERR_DASHBOARD_OPTION, TSK_ERR_DASHBOARD_FAMILY */
export function checkedOptions(options: DashboardOptions): CheckedOptions {
  const { families = [], title = 'Tsukimi', uid = 'tsukimi', tags = ['tsukimi'], refresh = '10s', timeRange = '1h' } = options;
  const complete: CheckedOptions = { families, title, uid, tags, refresh, timeRange };
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

/** Names stand in queries as they are: one that is none could be a query of its own. */
function checkFamily({ name, type, labelNames }: MetricFamily): void {
  if (!isMetricName(name)) throw invalidFamily(name, `${JSON.stringify(name)} is not a metric name`);
  if (!isMetricFamilyType(type)) throw invalidFamily(name, `${JSON.stringify(type)} is not a type`);
  const wrong = labelNames.find((label) => !isSampleLabelName(label));
  if (wrong !== undefined) throw invalidFamily(name, `${JSON.stringify(wrong)} is not a label name`);
}
