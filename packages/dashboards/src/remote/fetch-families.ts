/** Reads the families of a running application from its metrics endpoint. */
import { LONGEST_TIMEOUT_MS, type RemoteAddress, remoteAddress, shownAddress } from '@tsukimi/metrics';
import { DashboardError, invalidOption } from '../errors.js';
import { readExposition } from '../families/exposition.js';
import type { MetricFamily } from '../families/metric-family.js';
import { invalidSourceUrl, notMetrics, sourceRefused, sourceTimedOut, sourceTooLarge, sourceUnreachable } from './errors.js';

export interface FetchFamiliesOptions {
  /**
   * The timeout of the complete response, in milliseconds, from 1 to 2,147,483,647.
   * @default 5000
   */
  readonly timeoutMs?: number | undefined;
  /**
   * The maximum size of the response, in bytes, at least 1.
   * @default 67_108_864 (64 MiB)
   */
  readonly maxBytes?: number | undefined;
}

/** A timer that is set to more ends at once. */

// Not OpenMetrics, because queries use the names of the text format.
const ACCEPT = 'text/plain;version=0.0.4';

/**
 * Reads the families of an application from `/metrics/prometheus` or `/metrics`.
 * @param url an http or https URL. It may contain a user and password, which no message shows
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

/** Cancels the body of a response, which would otherwise keep the connection open. */
async function drained(response: Response, error: DashboardError): Promise<DashboardError> {
  await response.body?.cancel();
  return error;
}

/** Returns the bytes of a response; undefined if there are more than allowed, in which case the rest is not read. */
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
