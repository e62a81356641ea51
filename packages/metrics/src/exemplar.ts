/** Exemplars: what one recorded value belongs to, such as the trace it came from. */
import { wallClockSeconds } from './clock.js';
import { labelText, ownText } from './label-text.js';
import type { LabelValue } from './label-types.js';
import { isExemplarLabelName } from './names.js';

/** What may be told of a value beside its labels. */
export interface RecordOptions {
  /**
   * Labels that lead from this value to where it came from: `{ trace_id }`. Shown in OpenMetrics only; at most 128 characters, names and
   * values together. One is kept for each counter, and for each bucket of a histogram: the newest.
   */
  readonly exemplar?: Readonly<Record<string, LabelValue | undefined>> | undefined;
}

/** A value, and what it belongs to. */
export interface Exemplar {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** When it was recorded, in seconds since 1970. */
  readonly timestampSeconds: number;
}

/** An exemplar as it is exposed; one of prom-client's may have no time. */
export type WrittenExemplar = Omit<Exemplar, 'timestampSeconds'> & { readonly timestampSeconds?: number | undefined };

/**
 * Code points that the names and values of an exemplar's labels may have together.
 * @see https://prometheus.io/docs/specs/om/open_metrics_spec/#exemplars
 */
export const MAX_EXEMPLAR_LENGTH = 128;

/** Hears why an exemplar is refused; the value it came with has been recorded. */
type Refuse = (why: string) => void;

/** The exemplar of a value that was just recorded; undefined if there is none, or it is refused. Never throws. */
export function exemplarOf(options: RecordOptions, value: number, refuse: Refuse): Exemplar | undefined {
  try {
    if (typeof options !== 'object' && options !== undefined)
      return refused(`was passed as ${typeof options} instead of an object`, refuse);
    const given = options?.exemplar;
    if (given === undefined || given === null) return undefined;
    const labels = textsOf(given);
    const why = faultOf(labels);
    if (why !== undefined) return refused(why, refuse);
    const isEmpty = Object.keys(labels).length === 0;
    return isEmpty ? undefined : { labels, value, timestampSeconds: wallClockSeconds() };
  } catch {
    return refused('could not be read', refuse);
  }
}

/** An exemplar as prom-client writes it. */
export function exemplarSample({ labels, value, timestampSeconds }: Exemplar): {
  readonly labelSet: Readonly<Record<string, string>>;
  readonly value: number;
  readonly timestamp: number;
} {
  return { labelSet: { ...labels }, value, timestamp: timestampSeconds };
}

/** What is wrong with the labels of an exemplar; undefined if nothing is. */
export function faultOf(labels: Readonly<Record<string, string>>): string | undefined {
  let length = 0;
  for (const [name, text] of Object.entries(labels)) {
    if (!isExemplarLabelName(name)) return `has an invalid label name: ${JSON.stringify(name.slice(0, 40))}`;
    length += codePoints(name) + codePoints(text);
  }
  return length > MAX_EXEMPLAR_LENGTH ? `is longer than ${MAX_EXEMPLAR_LENGTH} characters` : undefined;
}

/** As `labelText`, without zeros: Prometheus reads them in labels and in help, but here it would refuse the whole scrape. */
export function exemplarLabelText(value: unknown): string {
  return labelText(value).replaceAll('\0', '\ufffd');
}

function textsOf(given: NonNullable<RecordOptions['exemplar']>): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    const text = exemplarLabelText(value);
    // Copied: text that was cut out of a long header would keep the whole of it alive.
    if (text !== '') labels[name] = text.length > MAX_EXEMPLAR_LENGTH * 2 ? text : ownText(text);
  }
  return labels;
}

function codePoints(text: string): number {
  // A code point is two units at the most: what is longer than that needs no counting.
  if (text.length > MAX_EXEMPLAR_LENGTH * 2) return text.length;
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function refused(why: string, refuse: Refuse): undefined {
  refuse(why);
  return undefined;
}
