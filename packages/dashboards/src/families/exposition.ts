/** Reads an exposition in Prometheus's text format as families. */
import { type HeaderLine, readLine, type SampleLine } from './exposition-line.js';
import { labelSetKey } from './label-set-key.js';
import { type FamilySeries, isMetricFamilyType, type MetricFamily, type MetricFamilyType } from './metric-family.js';

/** The lines with one name. */
interface Draft {
  type: string | undefined;
  help: string;
  readonly samples: SampleLine[];
}

/** By type: the suffixes of samples that belong to a family without the suffix, and the label that is not part of the family. */
const FOLDED: Readonly<Record<string, { readonly ends: readonly string[]; readonly label: string }>> = {
  histogram: { ends: ['_bucket', '_sum', '_count', '_created'], label: 'le' },
  summary: { ends: ['_sum', '_count', '_created'], label: 'quantile' },
};

/** The suffixes that OpenMetrics adds to the name of a family, and that queries contain. */
const OPENMETRICS_ENDS: Readonly<Record<string, string>> = { counter: '_total', info: '_info' };

/**
 * Reads a scrape in text format 0.0.4, including OpenMetrics's names, timestamps and exemplars. Infos and state sets, which are gauges in the text
 * format, are recognized by their shape. Metrics without a type are counters if their names end in `_total`, otherwise gauges.
 * @param source where the text comes from, such as the path of a file, for the message of an error
 * @throws TSK_ERR_FAMILY_EXPOSITION
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export function readExposition(text: string, source?: string): MetricFamily[] {
  const drafts = new Map<string, Draft>();
  for (const [index, line] of text.split('\n').entries()) {
    const read = readLine({ line, lineNumber: index + 1, source });
    if (read !== undefined) note(drafts, read);
  }
  return [...drafts].filter(([name, draft]) => !isOpenMetricsHead(name, draft, drafts)).map(([name, draft]) => familyOf(name, draft));
}

function note(drafts: Map<string, Draft>, line: HeaderLine | SampleLine): void {
  if (line.kind === 'sample') noteSample(drafts, line);
  else draftOf(drafts, line.name)[line.kind] = line.text;
}

function noteSample(drafts: Map<string, Draft>, sample: SampleLine): void {
  const [, head, end] = /^(.+)(_[a-z]+)$/.exec(sample.name) ?? [];
  const family = head === undefined ? undefined : drafts.get(head);
  const type = family?.type ?? '';
  if (family !== undefined && FOLDED[type]?.ends.includes(end as string)) family.samples.push(sample);
  else if (type === 'counter' && end === '_created') return;
  else {
    const own = draftOf(drafts, sample.name);
    if (family !== undefined && OPENMETRICS_ENDS[type] === end) Object.assign(own, { type, help: family.help });
    own.samples.push(sample);
  }
}

function draftOf(drafts: Map<string, Draft>, name: string): Draft {
  const known = drafts.get(name);
  if (known !== undefined) return known;
  const draft: Draft = { type: undefined, help: '', samples: [] };
  drafts.set(name, draft);
  return draft;
}

/** Whether lines are OpenMetrics's header of `x`, whose samples are called `x_total`. */
function isOpenMetricsHead(name: string, { type = '', samples }: Draft, drafts: ReadonlyMap<string, Draft>): boolean {
  const end = OPENMETRICS_ENDS[type];
  return end !== undefined && samples.length === 0 && drafts.has(name + end);
}

function familyOf(name: string, { type, help, samples }: Draft): MetricFamily {
  const isFolded = type !== undefined && Object.hasOwn(FOLDED, type);
  const series = isFolded ? foldedSeries(samples, FOLDED[type]?.label as string) : samples.map(({ labels, value }) => ({ labels, value }));
  const buckets = type === 'histogram' ? boundsOf(samples) : [];
  return {
    name,
    type: typeOf(name, type, series),
    help,
    labelNames: labelNamesOf(series),
    ...(buckets.length > 0 && { buckets }),
    series,
  };
}

function boundsOf(samples: readonly SampleLine[]): number[] {
  const bounds = new Set(samples.map(({ labels }) => Number(labels['le'])).filter(Number.isFinite));
  return [...bounds].sort((left, right) => left - right);
}

function foldedSeries(samples: readonly SampleLine[], notOwn: string): FamilySeries[] {
  const series = new Map<string, FamilySeries>();
  for (const { labels } of samples) {
    const { [notOwn]: _, ...own } = labels;
    series.set(labelSetKey(own), { labels: own, value: undefined });
  }
  return [...series.values()];
}

function typeOf(name: string, written: string | undefined, series: readonly FamilySeries[]): MetricFamilyType {
  if (written !== 'gauge' && isMetricFamilyType(written)) return written;
  if (written !== 'gauge' && name.endsWith('_total')) return 'counter';
  const isFilled = series.length > 0;
  if (isFilled && series.every(({ labels, value }) => Object.hasOwn(labels, name) && (value === 0 || value === 1))) return 'stateset';
  return isFilled && name.endsWith('_info') && series.every(({ value }) => value === 1) ? 'info' : 'gauge';
}

function labelNamesOf(series: readonly FamilySeries[]): string[] {
  return [...new Set(series.flatMap(({ labels }) => Object.keys(labels)))];
}
