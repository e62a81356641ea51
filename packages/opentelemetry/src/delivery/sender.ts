/** Posts requests to an OTLP receiver, and tells failures that pass from those that do not. */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import { answerOf, BatchRejected, RetryLater } from '@tsukimi/metrics';
import { type PartialSuccess, partialSuccessOf, statusMessageOf } from './export-response.js';
import { retryAfterMs } from './retry-after.js';

const CONTENT_TYPE = 'application/x-protobuf';

const LONGEST_SHOWN = 300;

/** The statuses after which a request may be sent again. @see https://opentelemetry.io/docs/specs/otlp/#retryable-response-codes */
const PASSING: ReadonlySet<number> = new Set([429, 502, 503, 504]);

const compressed = promisify(gzip);

export interface Receiver {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly compression: 'none' | 'gzip';
}

/**
 * Posts one request.
 * @throws BatchRejected if it must not be sent again, RetryLater if the receiver says when it may, and other errors if it can be sent again
 */
export async function post({ url, headers, compression }: Receiver, body: Uint8Array, signal: AbortSignal): Promise<PartialSuccess> {
  const isCompressed = compression === 'gzip';
  const compressedBody = isCompressed ? await compressed(body) : body;
  const response = await untraced(() =>
    fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': CONTENT_TYPE, ...(isCompressed && { 'content-encoding': 'gzip' }) },
      body: compressedBody as Uint8Array<ArrayBuffer>,
      // Somewhere else, the headers would be given away.
      redirect: 'manual',
      signal,
    }),
  );
  const answer = await answerOf(response);
  if (response.ok) return partialSuccessOf(answer);
  const { status } = response;
  const message = `it answered ${status} (${shown(answer, response.headers.get('content-type'))})`;
  if (!PASSING.has(status)) throw new BatchRejected(message);
  const afterMs = retryAfterMs(response.headers.get('retry-after'));
  throw afterMs === undefined ? new Error(message) : new RetryLater(message, afterMs);
}

/** Sending is no part of the program's own traces. */
function untraced<R>(act: () => R): R {
  return context.with(suppressTracing(ROOT_CONTEXT), act);
}

function shown(answer: Uint8Array, contentType: string | null): string {
  const text = contentType?.startsWith(CONTENT_TYPE) === true ? statusMessageOf(answer) : Buffer.from(answer).toString('utf8');
  const line = text.trim().replaceAll(/\s+/g, ' ');
  return line === '' ? 'an empty response' : line.length > LONGEST_SHOWN ? `${line.slice(0, LONGEST_SHOWN)}...` : line;
}
