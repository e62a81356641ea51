/** The status that a client was sent. */
import type { ServerResponse } from 'node:http';

const FIRST_DIGIT = 'HTTP/1.1 '.length;
const ZEROS = '0'.charCodeAt(0) * 111;

/**
 * The status in the head that went out. `statusCode` can be set again afterwards, as error handlers do when a response fails halfway: that changes
 * nothing for the client.
 */
export function sentStatus(response: ServerResponse): number {
  // Not part of Node's documented interface: where it is not what it has always been, the property will do.
  const head = (response as { readonly _header?: unknown })._header;
  if (typeof head !== 'string') return response.statusCode;
  const sent = head.charCodeAt(FIRST_DIGIT) * 100 + head.charCodeAt(FIRST_DIGIT + 1) * 10 + head.charCodeAt(FIRST_DIGIT + 2) - ZEROS;
  return sent >= 100 && sent <= 999 ? sent : response.statusCode;
}
