/** Makes names of metrics and label values, for servers that know names only. */
import { hashed, looksHashed } from './hashed.js';

/** The longest part of a name that is kept of a value that needs a hash. */
const LONGEST_LEFT = 60;

const METRIC = /^[A-Za-z\d]+(?:_[A-Za-z\d]+)*$/;
const WORD = /^[A-Za-z\d_](?:[A-Za-z\d_-]*[A-Za-z\d_])?$/;
const SEGMENT = '/:?[A-Za-z\\d](?:[A-Za-z\\d-]*[A-Za-z\\d])?';
const PATH = new RegExp(`^(?:${SEGMENT})+$`);
const PLACEHOLDER = /^<([A-Za-z\d]+)>$/;

/** The labels whose values are templates of routes. */
const PATH_LABELS: readonly string[] = ['path', 'route'];

/** Returns the name of a metric with dots: `http.requests` for the counter `http_requests_total`. */
export function dottedName(name: string, type: string): string {
  const kept = type === 'counter' && name.endsWith('_total') ? name.slice(0, -'_total'.length) : name;
  const dotted = kept.split(/[_:]/).filter(Boolean).join('.');
  return METRIC.test(kept) ? dotted : hashed(dotted, kept);
}

/**
 * Returns a part of a name for the value of a label. Values of one label that differ have parts that differ: where characters were replaced, a hash
 * of the value follows.
 */
export function namePart(label: string, value: string): string {
  if (value === '') return '-';
  const placeholder = PLACEHOLDER.exec(value)?.[1];
  if (placeholder !== undefined) return `-${placeholder}-`;
  const isPath = PATH_LABELS.includes(label);
  if (isPath && value === '/') return '_';
  const isKept = isPath ? PATH.test(value) : WORD.test(value);
  const part = isPath ? value.slice(1).replaceAll('/', '_').replaceAll(':', '-') : value;
  if (isKept && !looksHashed(part)) return part;
  const left = value.replaceAll(/[^A-Za-z\d_-]+/g, '_').slice(0, LONGEST_LEFT);
  return hashed(left.replaceAll(/^[_-]+|[_-]+$/g, ''), value);
}

/** Returns a name that a user gives, with dots: `checkout.duration`. */
export function givenName(name: string): string {
  const isKept = /^[A-Za-z\d_-]+(?:\.[A-Za-z\d_-]+)*$/.test(name) && !looksHashed(name);
  if (isKept) return name;
  const left = name.replaceAll(/[^A-Za-z\d_.-]+/g, '_').replaceAll(/\.{2,}/g, '.');
  return hashed(left.replaceAll(/^[._-]+|[._-]+$/g, ''), name);
}
