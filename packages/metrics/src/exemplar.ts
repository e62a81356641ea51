/** Exemplars: references from a recorded value to its origin, such as a trace. */
import { wallClockSeconds } from './clock.js';
import { labelText, ownText } from './label-text.js';
import type { LabelValue } from './label-types.js';
import { isExemplarLabelName } from './names.js';

/** Options for recording a value. */
export interface RecordOptions {
  /**
   * Labels that identify the origin of the value: `{ trace_id }`. They are exposed in OpenMetrics only. Names and values together may have at most
   * 128 characters. Only the newest exemplar is kept for each counter series, and for each bucket of a histogram series.
   */
  readonly exemplar?: Readonly<Record<string, LabelValue | undefined>> | undefined;
}

/** A recorded value with the labels of its origin. */
export interface Exemplar {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** When it was recorded, in seconds since 1970. */
  readonly timestampSeconds: number;
}

/** An exemplar as it is exposed; one of prom-client's may have no time. */
export type WrittenExemplar = Omit<Exemplar, 'timestampSeconds'> & { readonly timestampSeconds?: number | undefined };

/**
 * The maximum number of code points in the names and values of an exemplar's labels together.
 * @see https://prometheus.io/docs/specs/om/open_metrics_spec/#exemplars
 */
export const MAX_EXEMPLAR_LENGTH = 128;

/** Called with the reason if an exemplar is rejected. The value itself has been recorded. */
type Refuse = (why: string) => void;

/** The trace that a value belongs to. Nothing of it has to be checked or copied when a value is recorded. */
class TraceOrigin implements RecordOptions {
  readonly exemplar: Readonly<Record<string, string>>;

  constructor(traceId: string, spanId: string) {
    this.exemplar = { trace_id: copied(traceId), span_id: copied(spanId) };
  }
}

const TRACE_ID = /^[0-9a-f]{32}$/;
const SPAN_ID = /^[0-9a-f]{16}$/;

/** @internal Returns the options that record a value with its trace and span. */
export function exemplarOfTrace(traceId: string, spanId: string): RecordOptions {
  if (TRACE_ID.test(traceId) && SPAN_ID.test(spanId)) return new TraceOrigin(traceId, spanId);
  return { exemplar: { trace_id: traceId, span_id: spanId } };
}

const SHORT_TEXT = Buffer.alloc(32);

/** A copy of an id, which may have been cut from a long header, and would keep the whole header alive. */
function copied(id: string): string {
  return SHORT_TEXT.toString('latin1', 0, SHORT_TEXT.write(id, 'latin1'));
}

/** Returns the exemplar of a value that was just recorded; undefined if there is none, or it is rejected. Never throws. */
export function exemplarOf(options: RecordOptions, value: number, refuse: Refuse): Exemplar | undefined {
  try {
    if (options instanceof TraceOrigin) return { labels: options.exemplar, value, timestampSeconds: wallClockSeconds() };
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

/** Converts an exemplar to prom-client's form. */
export function exemplarSample({ labels, value, timestampSeconds }: Exemplar): {
  readonly labelSet: Readonly<Record<string, string>>;
  readonly value: number;
  readonly timestamp: number;
} {
  return { labelSet: { ...labels }, value, timestamp: timestampSeconds };
}

/** Describes what is wrong with the labels of an exemplar; undefined if they are valid. */
export function faultOf(labels: Readonly<Record<string, string>>): string | undefined {
  let units = 0;
  for (const name of Object.keys(labels)) {
    if (!isExemplarLabelName(name)) return `has an invalid label name: ${JSON.stringify(name.slice(0, 40))}`;
    units += name.length + (labels[name] as string).length;
  }
  // Code points, which are no more than the units, are counted only if it matters.
  return units > MAX_EXEMPLAR_LENGTH && lengthOf(labels) > MAX_EXEMPLAR_LENGTH
    ? `is longer than ${MAX_EXEMPLAR_LENGTH} characters`
    : undefined;
}

/** Like `labelText`, without NUL characters: Prometheus accepts them in labels and help, but in exemplars it would reject the whole scrape. */
export function exemplarLabelText(value: unknown): string {
  const text = labelText(value);
  return text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text;
}

function textsOf(given: NonNullable<RecordOptions['exemplar']>): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    const text = exemplarLabelText(value);
    // Copied, because text that was cut from a long header would keep the whole header alive.
    if (text !== '') labels[name] = text.length > MAX_EXEMPLAR_LENGTH * 2 ? text : ownText(text);
  }
  return labels;
}

function lengthOf(labels: Readonly<Record<string, string>>): number {
  return Object.entries(labels).reduce((sum, [name, text]) => sum + codePoints(name) + codePoints(text), 0);
}

function codePoints(text: string): number {
  // A code point has at most two units, so longer text need not be counted.
  if (text.length > MAX_EXEMPLAR_LENGTH * 2) return text.length;
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function refused(why: string, refuse: Refuse): undefined {
  refuse(why);
  return undefined;
}
