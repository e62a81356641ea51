/** The families of a running application, read from its metrics endpoint. */
import { LONGEST_TIMEOUT_MS, type RemoteAddress, remoteAddress, shownAddress } from '@tsukimi/metrics';
import { DashboardError, invalidOption } from '../errors.js';
import { readExposition } from '../families/exposition.js';
import type { MetricFamily } from '../families/metric-family.js';
import { invalidSourceUrl, notMetrics, sourceRefused, sourceTimedOut, sourceTooLarge, sourceUnreachable } from './errors.js';

export interface FetchFamiliesOptions {
  /** How long the whole answer may take, in milliseconds, from 1 to 2,147,483,647; 5000 unless told. */
  readonly timeoutMs?: number | undefined;
  /** How large the answer may be, in bytes, from 1; 67,108,864 (64 MiB) unless told. */
  readonly maxBytes?: number | undefined;
}

/** A timer that is set to more ends at once. */

// Not OpenMetrics: the text format's names are those that are queried.
const ACCEPT = 'text/plain;version=0.0.4';

/**
 * Reads `/metrics/prometheus`, or `/metrics`, of an application.
 * @param url http or https; user and password may stand in it, and are in no message
 * @throws TSK_ERR_REMOTE_URL, TSK_ERR_DASHBOARD_OPTION, TSK_ERR_REMOTE_UNREACHABLE, TSK_ERR_REMOTE_TIMEOUT, TSK_ERR_REMOTE_STATUS,
 * TSK_ERR_REMOTE_NOT_METRICS, TSK_ERR_REMOTE_TOO_LARGE
 */
export async function fetchFamilies(url: string | URL, options: FetchFamiliesOptions = {}): Promise<MetricFamily[]> {
  const { timeoutMs = 5_000, maxBytes = 64 * 1024 * 1024 } = options;
  if (!Number.isSafeInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > LONGEST_TIMEOUT_MS)
    throw invalidOption('timeoutMs', timeoutMs, `a whole number of milliseconds from 1 to ${LONGEST_TIMEOUT_MS}`);
  if (!Number.isSafeInteger(maxBytes) || maxBytes < 1) throw invalidOption('maxBytes', maxBytes, 'a whole number of bytes from 1');
  const source = sourceOf(url);
  const { contentType, text } = await ask(source, timeoutMs, maxBytes);
  if (/html|json/i.test(contentType)) throw notMetrics({ url: source.shownUrl, contentType });
  try {
    return readExposition(text);
  } catch (cause) {
    throw notMetrics({ url: source.shownUrl, contentType, cause });
  }
}

function sourceOf(url: unknown): RemoteAddress {
  const source = remoteAddress(url);
  if (source === undefined) throw invalidSourceUrl(shownAddress(url instanceof URL ? url.href : url));
  return source;
}

async function ask(
  { url: { origin, pathname, search }, headers, shownUrl, ...source }: RemoteAddress,
  timeoutMs: number,
  maxBytes: number,
): Promise<{ contentType: string; text: string }> {
  try {
    const response = await fetch(`${origin}${pathname}${search}`, {
      headers: { ...headers, accept: ACCEPT },
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!response.ok) throw await drained(response, sourceRefused(shownUrl, response.status));
    const bytes = await bytesOf(response, maxBytes);
    if (bytes === undefined) throw sourceTooLarge(shownUrl, maxBytes);
    return { contentType: source.shownAnswer(response.headers.get('content-type') ?? ''), text: bytes.toString('utf8') };
  } catch (error) {
    if (error instanceof DashboardError) throw error;
    const cause = source.shownCause(error);
    throw error instanceof Error && error.name === 'TimeoutError'
      ? sourceTimedOut(shownUrl, timeoutMs, cause)
      : sourceUnreachable(shownUrl, cause);
  }
}

/** A body that nobody reads would keep its connection. */
async function drained(response: Response, error: DashboardError): Promise<DashboardError> {
  await response.body?.cancel();
  return error;
}

/** Undefined if there are more than allowed; the rest is not read then. */
async function bytesOf(response: Response, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength;
    if (length > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
