/** Why an outgoing request has failed, in a few words that can be a label. */

/** What stands in the label `status` instead of a status code. */
export type HttpFailure = 'timeout' | 'refused' | 'dns' | 'reset' | 'aborted' | 'other';

/** By the codes of Node.js, undici and the libraries on top of them. */
const BY_CODE: ReadonlyMap<string, HttpFailure> = new Map<string, HttpFailure>([
  ['ETIMEDOUT', 'timeout'],
  ['ESOCKETTIMEDOUT', 'timeout'],
  ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
  ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
  ['UND_ERR_BODY_TIMEOUT', 'timeout'],
  ['ERR_HTTP2_SESSION_ERROR', 'reset'],
  ['ERR_HTTP2_STREAM_ERROR', 'reset'],
  ['ECONNREFUSED', 'refused'],
  ['ENOTFOUND', 'dns'],
  ['ENODATA', 'dns'],
  ['ESERVFAIL', 'dns'],
  ['ECONNRESET', 'reset'],
  ['EPIPE', 'reset'],
  ['UND_ERR_SOCKET', 'reset'],
  ['ECONNABORTED', 'aborted'],
  ['ABORT_ERR', 'aborted'],
  ['ERR_CANCELED', 'aborted'],
  ['UND_ERR_ABORTED', 'aborted'],
  ['UND_ERR_ABORT', 'aborted'],
  ['UND_ERR_DESTROYED', 'aborted'],
  ['UND_ERR_CLOSED', 'aborted'],
]);

const DEEPEST_CAUSE = 5;

interface Facts {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

/**
 * Returns what made a request fail. An error without a code of its own is what the caller has aborted it with.
 * @param error anything: `AbortController.abort(reason)` takes any value
 */
export function failureOf(error: unknown): HttpFailure {
  try {
    return read(error, 0) ?? 'aborted';
  } catch {
    // A getter of an error of the user threw.
    return 'other';
  }
}

/** Undefined for an error that says nothing. */
function read(error: unknown, depth: number): HttpFailure | undefined {
  if (typeof error !== 'object' || error === null || depth > DEEPEST_CAUSE) return undefined;
  const { name, code, syscall, cause, errors } = error as Facts;
  if (name === 'TimeoutError') return 'timeout';
  // axios uses this code for its time limit.
  if (name === 'AxiosError' && code === 'ECONNABORTED') return 'timeout';
  // Of undici, not always with a code.
  if (name === 'HTTPParserError') return 'other';
  const inner = read(cause, depth + 1) ?? (Array.isArray(errors) ? read(errors[0], depth + 1) : undefined);
  // `AbortSignal.timeout` is the cause of an abort.
  if (name === 'AbortError') return inner === 'timeout' ? 'timeout' : 'aborted';
  if (typeof code !== 'string') return inner;
  if (code.startsWith('EAI_') || syscall === 'getaddrinfo') return 'dns';
  return BY_CODE.get(code) ?? inner ?? 'other';
}
