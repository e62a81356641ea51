/** Formats texts, numbers and parts of lines for the exposition formats. */
import type { WrittenExemplar } from '../exemplar.js';

/** @see https://prometheus.io/docs/instrumenting/exposition_formats/#comments-help-text-and-type-information */
export function escapeHelp(help: string): string {
  return /[\\\n]/.test(help) ? help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n') : help;
}

export function escapeLabelValue(value: string): string {
  return /[\\\n"]/.test(value) ? value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"') : value;
}

/** Formats a number for Go's parser. */
export function formatNumber(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return String(value);
}

/** Returns `a="1",b="2"`, without empty labels, which Prometheus treats as absent. */
export function formatLabels(names: readonly string[], values: readonly string[]): string {
  let text = '';
  for (const [index, name] of names.entries()) {
    const value = values[index];
    if (value === undefined || value === '') continue;
    text += `${text === '' ? '' : ','}${name}="${escapeLabelValue(value)}"`;
  }
  return text;
}

/** Labels in braces; nothing if there are none. */
export function braced(labels: string): string {
  return labels === '' ? '' : `{${labels}}`;
}

/** Returns the OpenMetrics line with the creation time of a series. */
export function createdLine(family: string, labels: string, createdSeconds: number): string {
  return `${family}_created${braced(labels)} ${createdSeconds}\n`;
}

/** What stands behind a sample that has an exemplar, in OpenMetrics. One of prom-client's may have no time. */
export function exemplarText(exemplar: WrittenExemplar | undefined): string {
  if (exemplar === undefined) return '';
  const { labels, value, timestampSeconds } = exemplar;
  return ` # {${formatLabels(Object.keys(labels), Object.values(labels))}} ${formatNumber(value)}${timestampSeconds === undefined ? '' : ` ${timestampSeconds}`}`;
}

/**
 * Formats a bucket's bound or a quantile for OpenMetrics: like Go, with a point or an exponent.
 * @see https://prometheus.io/docs/specs/om/open_metrics_spec/#considerations-canonical-numbers
 */
export function formatCanonical(value: number): string {
  if (!Number.isFinite(value)) return formatNumber(value);
  const [mantissa = '', exponentText = ''] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (value !== 0 && (exponent < -4 || exponent >= 6)) {
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
