/** Finds the status that was sent to the client. */
import { type ServerResponse, STATUS_CODES } from 'node:http';
import { headOf } from '../private-api/node.js';

const STATUS_LINE_START = 'HTTP/1.1 '.length;

/**
 * Returns the status in the sent head. `statusCode` can be changed afterwards without effect for the client, as error handlers do when a response
 * fails halfway.
 */
export function sentStatus(response: ServerResponse): number {
  const { statusCode, statusMessage } = response;
  // Node sets the message with the head. If the two match, the code is the one that was sent.
  return statusMessage === STATUS_CODES[statusCode] ? statusCode : (statusInHead(response) ?? statusCode);
}

function statusInHead(response: ServerResponse): number | undefined {
  const status = Number(headOf(response)?.slice(STATUS_LINE_START, STATUS_LINE_START + 3));
  return status >= 100 ? status : undefined;
}
