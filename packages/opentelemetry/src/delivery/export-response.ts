/** Reads what a receiver answers: how much of a request it has not taken, and why. */
import { PARTIAL_SUCCESS, RESPONSE, STATUS } from './response-fields.js';

/** What was not taken of a request that was taken otherwise. */
export interface PartialSuccess {
  readonly rejected: number;
  /** Also a warning, where nothing was rejected. */
  readonly message: string;
}

type Value = number | Uint8Array;

/**
 * Reads an `ExportMetricsServiceResponse`. What can't be read is an answer without a word: the receiver has taken everything.
 * @see https://opentelemetry.io/docs/specs/otlp/#partial-success-1
 */
export function partialSuccessOf(body: Uint8Array): PartialSuccess {
  const partial = bytesOf(fieldsOf(body).get(RESPONSE.partialSuccess));
  const fields = fieldsOf(partial);
  const rejected = fields.get(PARTIAL_SUCCESS.rejected);
  return { rejected: typeof rejected === 'number' ? rejected : 0, message: textOf(fields.get(PARTIAL_SUCCESS.errorMessage)) };
}

/** Returns the message of a `google.rpc.Status`, which receivers answer with a failure; empty if there is none. */
export function statusMessageOf(body: Uint8Array): string {
  return textOf(fieldsOf(body).get(STATUS.message));
}

const NOTHING = new Uint8Array(0);

function bytesOf(value: Value | undefined): Uint8Array {
  return value instanceof Uint8Array ? value : NOTHING;
}

function textOf(value: Value | undefined): string {
  return Buffer.from(bytesOf(value)).toString('utf8');
}

/** Reads the fields of a message, up to the first that is broken. Of a field that stands several times, the last one counts. */
function fieldsOf(bytes: Uint8Array): ReadonlyMap<number, Value> {
  const fields = new Map<number, Value>();
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; at < bytes.length; factor *= 0x80) {
      const byte = bytes[at++] as number;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
    return Number.NaN;
  };
  while (at < bytes.length) {
    const tag = varint();
    const [field, wireType] = [Math.floor(tag / 8), tag % 8];
    if (wireType === 0) {
      const value = varint();
      if (Number.isNaN(value)) break;
      fields.set(field, value);
      continue;
    }
    const size = wireType === 2 ? varint() : wireType === 1 ? 8 : wireType === 5 ? 4 : Number.NaN;
    if (!(at + size <= bytes.length)) break;
    if (wireType === 2) fields.set(field, bytes.subarray(at, at + size));
    at += size;
  }
  return fields;
}
