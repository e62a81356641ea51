/** The families of a running application, read from its metrics endpoint. */
import { parsedAddress, shownAddress, shownAnswer, shownCause } from '@tsukimi/metrics';
import {
  DashboardError,
  invalidOption,
  invalidSourceUrl,
  notMetrics,
  sourceRefused,
  sourceTimedOut,
  sourceTooLarge,
  sourceUnreachable,
} from '../errors.js';
import { readExposition } from './exposition.js';
import type { MetricFamily } from './metric-family.js';

export interface FetchFamiliesOptions {
  /** How long the whole answer may take, in milliseconds, from 1 to 2,147,483,647; 5000 unless told. */
  readonly timeoutMs?: number | undefined;
  /** How large the answer may be, in bytes, from 1; 67,108,864 (64 MiB) unless told. */
  readonly maxBytes?: number | undefined;
}

/** A timer that is set to more ends at once. */
const LONGEST_TIMEOUT_MS = 2_147_483_647;

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

interface Source {
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Without user, password and query. */
  readonly shownUrl: string;
  /** With all of them. */
  readonly url: URL;
}

function sourceOf(url: unknown): Source {
  const text = url instanceof URL ? url.href : url;
  const parsed = parsedAddress(text);
  if (parsed === undefined) throw invalidSourceUrl(shownAddress(text));
  const { origin, pathname, search } = parsed;
  return {
    address: `${origin}${pathname}${search}`,
    headers: { accept: ACCEPT, ...authorization(parsed) },
    shownUrl: shownAddress(parsed),
    url: parsed,
  };
}

function authorization({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const credentials = Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64');
  return { authorization: `Basic ${credentials}` };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A per cent sign that is meant as one.
    return text;
  }
}

async function ask(
  { address, headers, shownUrl, url }: Source,
  timeoutMs: number,
  maxBytes: number,
): Promise<{ contentType: string; text: string }> {
  try {
    const response = await fetch(address, { headers, signal: AbortSignal.timeout(timeoutMs) });
    if (!response.ok) throw await drained(response, sourceRefused(shownUrl, response.status));
    const bytes = await bytesOf(response, maxBytes);
    if (bytes === undefined) throw sourceTooLarge(shownUrl, maxBytes);
    return { contentType: shownAnswer(response.headers.get('content-type') ?? '', url), text: bytes.toString('utf8') };
  } catch (error) {
    if (error instanceof DashboardError) throw error;
    const cause = shownCause(error, url);
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

/** Undefined where there are more than allowed; the rest is not read then. */
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
