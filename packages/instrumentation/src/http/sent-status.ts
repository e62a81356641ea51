/** The status that a client was sent. */
import { type ServerResponse, STATUS_CODES } from 'node:http';
import { headOf } from '../private-api/node.js';

const STATUS_LINE_START = 'HTTP/1.1 '.length;

/**
 * The status in the head that went out. `statusCode` can be set again afterwards, as error handlers do when a response fails halfway: that changes
 * nothing for the client.
 */
export function sentStatus(response: ServerResponse): number {
  const { statusCode, statusMessage } = response;
  // Node sets the message with the head: where the two agree, the code is the one that was sent.
  return statusMessage === STATUS_CODES[statusCode] ? statusCode : (statusInHead(response) ?? statusCode);
}

function statusInHead(response: ServerResponse): number | undefined {
  const status = Number(headOf(response)?.slice(STATUS_LINE_START, STATUS_LINE_START + 3));
  return status >= 100 ? status : undefined;
}
