/** Prometheus text format 0.0.4: one metric to its lines, in chunks small enough to be written between two turns of the event loop. */
import { Counter } from '../instruments/counter.js';
import { Gauge } from '../instruments/gauge.js';
import { Histogram, type HistogramSeries } from '../instruments/histogram.js';
import type { Instrument, Series } from '../instruments/instrument.js';
import { labelText } from '../label-text.js';
import type { PromClientFamily, PromClientSample } from '../prom-client.js';
import { type DefaultLabels, missingDefaults } from './default-labels.js';
import { escapeHelp, formatLabels, formatNumber } from './escape.js';

const SERIES_IN_A_CHUNK = 50;

/**
 * The lines of one of our metrics.
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export function* instrumentText(instrument: Instrument, defaultLabels: DefaultLabels): Generator<string> {
  const line = lineWriter(instrument);
  const more = missingDefaults(instrument.labelNames, defaultLabels);
  // A copy: series come and go while this text is written.
  const all = [...instrument.series];
  let chunk = header(instrument);
  for (const [index, series] of all.entries()) {
    series.exposedLabels ??= formatLabels(instrument.labelNames, series.labelValues);
    chunk += line(series, joined(series.exposedLabels, more));
    if (index % SERIES_IN_A_CHUNK === SERIES_IN_A_CHUNK - 1) {
      yield chunk;
      chunk = '';
    }
  }
  yield chunk;
}

/** The lines of a prom-client metric. */
export function* familyText(family: PromClientFamily, defaultLabels: DefaultLabels): Generator<string> {
  let chunk = header(family);
  for (const [index, sample] of (family.values ?? []).entries()) {
    chunk += sampleLine(family.name, sample, defaultLabels);
    if (index % SERIES_IN_A_CHUNK === SERIES_IN_A_CHUNK - 1) {
      yield chunk;
      chunk = '';
    }
  }
  yield chunk;
}

function header({ name, help, type }: { readonly name: string; readonly help?: string; readonly type: string }): string {
  return `# HELP ${name} ${escapeHelp(help ?? '')}\n# TYPE ${name} ${type}\n`;
}

function lineWriter(instrument: Instrument): (series: Series, labels: string) => string {
  if (instrument instanceof Histogram) return histogramWriter(instrument);
  if (instrument instanceof Counter || instrument instanceof Gauge) {
    const { name } = instrument;
    return (series, labels) => {
      const value = formatNumber((series as unknown as { readonly value: number }).value);
      return labels === '' ? `${name} ${value}\n` : `${name}{${labels}} ${value}\n`;
    };
  }
  throw new TypeError(`${instrument.name} is of a kind that has no text: ${instrument.type}`);
}

function histogramWriter({ name, bounds }: Histogram<string>): (series: Series, labels: string) => string {
  const tails = [...bounds.map(formatNumber), '+Inf'].map((bound) => `le="${bound}"} `);
  return (series, labels) => {
    const { buckets, sum, count } = (series as HistogramSeries).distribution;
    const head = labels === '' ? `${name}_bucket{` : `${name}_bucket{${labels},`;
    const braced = labels === '' ? '' : `{${labels}}`;
    let text = '';
    let below = 0;
    for (let index = 0; index < buckets.length; index += 1) {
      below += buckets[index] as number;
      text += `${head}${tails[index]}${below}\n`;
    }
    return `${text}${name}_sum${braced} ${formatNumber(sum)}\n${name}_count${braced} ${count}\n`;
  };
}

function sampleLine(name: string, sample: PromClientSample, defaultLabels: DefaultLabels): string {
  const labels = { ...defaultLabels, ...sample.sharedLabels, ...sample.labels };
  const text = formatLabels(Object.keys(labels), Object.values(labels).map(labelText));
  return `${sample.metricName ?? name}${text === '' ? '' : `{${text}}`} ${formatNumber(sample.value)}\n`;
}

function joined(own: string, more: string): string {
  return own === '' || more === '' ? own + more : `${own},${more}`;
}
