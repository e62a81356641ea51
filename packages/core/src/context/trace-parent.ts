/** Reads the W3C trace context of a request. */

/** The trace context that a request brought. @see https://www.w3.org/TR/trace-context/ */
export interface TraceParent {
  /** 32 lower-case hexadecimal digits. */
  readonly traceId: string;
  /** The caller's span: 16 lower-case hexadecimal digits. */
  readonly spanId: string;
  /** The trace flags, from 0 to 255; bit 0 says that the caller recorded the trace. */
  readonly flags: number;
  readonly isSampled: boolean;
  /** The header `tracestate` as it was received; undefined if there was none. */
  readonly tracestate: string | undefined;
}

/** Version, trace id, span id, flags and more. Without names, because an object of groups is slow to make. */
const FORM = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/s;
const NO_ID = /^0+$/;

/** Bit 0 of the flags. */
const SAMPLED = 1;

/** The longest `tracestate` that is kept. The specification asks for at least 512 characters. */
const LONGEST_STATE = 8192;

type HeaderValue = string | readonly string[] | undefined;

/** Returns the trace context of the headers; undefined if there is none, or it is malformed and must therefore be ignored. */
export function traceParentOf(traceparent: HeaderValue, tracestate?: HeaderValue): TraceParent | undefined {
  const groups = typeof traceparent === 'string' ? FORM.exec(traceparent) : null;
  if (groups === null) return undefined;
  const [, version = '', traceId = '', spanId = '', flagsText = '', more] = groups;
  // Later versions may add fields, which are ignored; version ff is invalid.
  if (version === 'ff' || (version === '00' && more !== undefined) || NO_ID.test(traceId) || NO_ID.test(spanId)) return undefined;
  const flags = Number.parseInt(flagsText, 16);
  return Object.freeze({ traceId, spanId, flags, isSampled: (flags & SAMPLED) === SAMPLED, tracestate: stateOf(tracestate) });
}

function stateOf(tracestate: HeaderValue): string | undefined {
  const text = typeof tracestate === 'string' ? tracestate : tracestate?.join(',');
  return text === undefined || text === '' || text.length > LONGEST_STATE ? undefined : text;
}
