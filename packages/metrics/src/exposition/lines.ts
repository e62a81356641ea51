/** A metric to its lines, in chunks small enough to be written between two turns of the event loop. */
import { exemplarLabelText, faultOf } from '../exemplar.js';
import type { Instrument } from '../instruments/instrument.js';
import { labelText } from '../label-text.js';
import { checkSample } from '../names.js';
import type { PromClientFamily, PromClientSample } from '../prom-client.js';
import { type DefaultLabels, missingDefaults } from './default-labels.js';
import { braced, formatLabels, formatNumber } from './escape.js';
import type { Family, Format } from './format.js';
import type { Dialect } from './kinds/kind.js';
import { kindOf } from './kinds/kind-table.js';

const SERIES_IN_A_CHUNK = 50;

/** What the text format knows; another type would cost the whole scrape. */
const TEXT_TYPES: ReadonlySet<string> = new Set(['counter', 'gauge', 'histogram', 'summary', 'untyped']);

/** With what a metric is written. */
export interface Writing {
  readonly format: Format;
  readonly defaultLabels: DefaultLabels;
  /** Whether another metric of the registry has a name. */
  readonly isTaken: (name: string) => boolean;
}

/** The lines of one of our metrics. */
export function instrumentLines(instrument: Instrument, { format, defaultLabels, isTaken }: Writing): Iterable<string> {
  const { name, help, type, unit, labelNames } = instrument;
  const kind = kindOf(instrument);
  const family = format.begin({ name, help, type, textType: kind.textType, unit }, isTaken);
  const write = kind.writer(instrument, family);
  const more = missingDefaults(labelNames, defaultLabels);
  // A copy: series come and go while this text is written.
  return inChunks(family, [...instrument.series], (series) => {
    series.exposedLabels ??= formatLabels(labelNames, series.labelValues);
    return write(series, joined(series.exposedLabels, more));
  });
}

/** The lines of a prom-client metric. */
export function guestLines(guest: PromClientFamily, { format, defaultLabels, isTaken }: Writing): Iterable<string> {
  const { name, type } = guest;
  const help = String(guest.help ?? '').toWellFormed();
  const textType = TEXT_TYPES.has(type) ? type : 'untyped';
  const family = format.begin({ name, help, type, textType, unit: undefined }, isTaken);
  return inChunks(family, guest.values ?? [], (sample) => guestLine(name, sample, { dialect: family, defaultLabels }));
}

function* inChunks<T>({ header }: Family, items: Iterable<T>, line: (item: T) => string): Generator<string> {
  let chunk = header;
  let inChunk = 0;
  for (const item of items) {
    chunk += line(item);
    inChunk += 1;
    if (inChunk < SERIES_IN_A_CHUNK) continue;
    yield chunk;
    chunk = '';
    inChunk = 0;
  }
  if (chunk !== '') yield chunk;
}

function guestLine(name: string, sample: PromClientSample, { dialect, defaultLabels }: { dialect: Dialect; defaultLabels: DefaultLabels }) {
  const labels = { ...defaultLabels, ...sample.sharedLabels, ...sample.labels };
  const texts = Object.entries(labels).map(([label, value]) => guestLabel(label, value, dialect));
  const sampleName = sample.metricName ?? name;
  checkSample(sampleName, Object.keys(labels));
  const start = `${sampleName}${braced(formatLabels(Object.keys(labels), texts))} ${formatNumber(Number(sample.value))}`;
  return `${start}${guestExemplar(sample, dialect)}\n`;
}

function guestLabel(label: string, value: unknown, { formatBound }: Dialect): string {
  return typeof value === 'number' && (label === 'le' || label === 'quantile') ? formatBound(value) : labelText(value);
}

function guestExemplar({ exemplar }: PromClientSample, { family }: Dialect): string {
  if (family === undefined || exemplar?.labelSet === undefined) return '';
  const { value, timestamp } = exemplar;
  const labelSet = Object.fromEntries(Object.entries(exemplar.labelSet).map(([name, text]) => [name, exemplarLabelText(text)]));
  // prom-client looks at their length alone: what Prometheus does not read is left out, not the scrape lost.
  if (!Number.isFinite(value) || (timestamp !== undefined && !Number.isFinite(timestamp)) || faultOf(labelSet) !== undefined) return '';
  const labels = formatLabels(Object.keys(labelSet), Object.values(labelSet));
  return ` # {${labels}} ${formatNumber(value)}${timestamp === undefined ? '' : ` ${timestamp}`}`;
}

function joined(own: string, more: string): string {
  return own === '' || more === '' ? own + more : `${own},${more}`;
}
