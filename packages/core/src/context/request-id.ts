/** The id of a request: the caller's, if it is well-formed, or a new one. */
import { randomUUID } from 'node:crypto';

/** The header in which a request id is received, answered and passed on. */
export const REQUEST_ID_HEADER = 'x-request-id';

/** Visible ASCII, because the id is written to logs, answered in a header and passed on. */
const WELL_FORMED = /^[\x21-\x7e]{1,128}$/;

interface WithHeaders {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** Whether a text can be a request id: 1 to 128 characters of visible ASCII. */
export function isRequestId(text: unknown): text is string {
  return typeof text === 'string' && WELL_FORMED.test(text);
}

/** Returns the id that the request brought in `x-request-id` if it is well-formed, otherwise a random UUID. */
export function requestIdOf({ headers }: WithHeaders): string {
  const received = headers[REQUEST_ID_HEADER];
  return isRequestId(received) ? received : randomUUID();
}
