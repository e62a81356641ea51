/** Labels as attributes, and exemplars. */
import type { LabelRecord, WrittenExemplar } from '@tsukimi/metrics';
import { ANY_VALUE, EXEMPLAR, KEY_VALUE } from './fields.js';
import type { OtlpWriter } from './otlp-writer.js';

/** The attribute of a label: its key, and whether its value is a whole number. */
export interface AttributeKey {
  readonly key: string;
  readonly isInt?: boolean;
}

/** Attributes by label. Labels that are not in it keep their names. */
export type AttributeKeys = Readonly<Record<string, AttributeKey>>;

const INT = /^\d{1,15}$/;

/** Writes the labels in a field of the message that is open. */
export function writeAttributes(out: OtlpWriter, field: number, { labels, keys }: { labels: LabelRecord; keys: AttributeKeys }): void {
  for (const label in labels) {
    const value = labels[label] as string;
    const known = Object.hasOwn(keys, label) ? keys[label] : undefined;
    const start = out.begin(field);
    out.string(KEY_VALUE.key, known?.key ?? label);
    const valueStart = out.begin(KEY_VALUE.value);
    // A class of statuses, `2xx`, or `__overflow__` is a text where a number is expected.
    if (known?.isInt === true && INT.test(value)) out.unsigned(ANY_VALUE.int, Number(value));
    else out.string(ANY_VALUE.text, value);
    out.end(valueStart);
    out.end(start);
  }
}

const NO_KEYS: AttributeKeys = {};
const TRACE_ID = /^(?!0{32})[\da-f]{32}$/i;
const SPAN_ID = /^(?!0{16})[\da-f]{16}$/i;

/** Writes an exemplar. Ids that OpenTelemetry would not accept stay attributes, like all other labels. */
export function writeExemplar(
  out: OtlpWriter,
  field: number,
  { exemplar, timeSeconds }: { exemplar: WrittenExemplar; timeSeconds: number },
): void {
  const { trace_id: traceId, span_id: spanId, ...others } = exemplar.labels;
  const hasTraceId = traceId !== undefined && TRACE_ID.test(traceId);
  const hasSpanId = spanId !== undefined && SPAN_ID.test(spanId);
  const start = out.begin(field);
  out.nanoseconds(EXEMPLAR.time, exemplar.timestampSeconds ?? timeSeconds);
  out.double(EXEMPLAR.double, exemplar.value);
  if (hasSpanId) out.bytesField(EXEMPLAR.spanId, Buffer.from(spanId, 'hex'));
  if (hasTraceId) out.bytesField(EXEMPLAR.traceId, Buffer.from(traceId, 'hex'));
  const labels = {
    ...(!hasTraceId && traceId !== undefined && { trace_id: traceId }),
    ...(!hasSpanId && spanId !== undefined && { span_id: spanId }),
    ...others,
  };
  writeAttributes(out, EXEMPLAR.attributes, { labels, keys: NO_KEYS });
  out.end(start);
}
