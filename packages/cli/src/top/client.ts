/** Reads the metrics of an application. Errors say what to do. */
import { CommandError } from '../errors.js';
import type { MetricsAddress } from './address.js';
import { notFound, notTsukimi, refused, switchedOff, timedOut, tooLarge, unreachable } from './errors.js';
import { type Reading, readDocument } from './reading.js';

/** Far more than the JSON of the largest application. */
const MAX_BYTES = 64 * 1024 ** 2;

/** How long to wait, and whom to listen to meanwhile. */
export interface FetchOptions {
  readonly timeoutMs: number;
  /** Ends the request early, with the signal's own reason. */
  readonly signal?: AbortSignal;
}

/**
 * One reading of the application's metrics.
 * @throws TSK_ERR_REMOTE_UNREACHABLE, TSK_ERR_REMOTE_TIMEOUT, TSK_ERR_REMOTE_STATUS, TSK_ERR_REMOTE_STATUS, TSK_ERR_REMOTE_NOT_METRICS, TSK_ERR_REMOTE_TOO_LARGE,
 * TSK_ERR_TOP_SWITCHED_OFF
 */
export async function fetchReading(address: MetricsAddress, options: FetchOptions): Promise<Reading> {
  const { url } = address;
  const { status, text } = await fetchText(address, options);
  if (status === 404) throw notFound(url);
  if (status < 200 || status > 299) throw refused(url, status);
  const reading = readDocument(parseJson(url, text));
  if (reading === 'not-tsukimi') throw notTsukimi(url, "with a JSON document that is not Tsukimi's");
  if (reading === 'switched-off') throw switchedOff(url);
  return reading;
}

async function fetchText({ url, headers, shownCause }: MetricsAddress, { timeoutMs, signal }: FetchOptions) {
  const deadline = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, { headers, signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]) });
    return { status: response.status, text: await textOf(response, url) };
  } catch (error) {
    if (error instanceof CommandError) throw error;
    if (signal?.aborted) throw signal.reason;
    const cause = shownCause(error);
    if (deadline.aborted) throw timedOut(url, timeoutMs, cause);
    throw unreachable(url, reasonOf(cause), cause);
  }
}

// Not response.text(), because the response could be endless.
async function textOf(response: Response, url: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BYTES) throw tooLarge(url, MAX_BYTES);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

// Node's fetch says "fetch failed", and keeps the reason in its cause.
function reasonOf(error: unknown): string {
  const { cause } = error as { readonly cause?: unknown };
  if (!(cause instanceof Error)) return error instanceof Error ? error.message : String(error);
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
}

function parseJson(url: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's error quotes the answer, which may repeat what was sent.
    throw notTsukimi(url, 'not with JSON');
  }
}
