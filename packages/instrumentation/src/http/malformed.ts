/** Counts malformed and incomplete requests, to which Node responds without emitting a request. */
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { ABORTED_STATUS } from '../catalogue.js';
import type { HttpAccounting } from './accounting.js';
import { connectionOf } from './connection.js';

/** A client error, as reported by Node. */
interface ClientError {
  readonly code?: string;
}

const BAD_REQUEST = 400;
const STATUSES: Readonly<Record<string, number>> = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 };
/** The client closed its side before its request was complete. */
const CUT_SHORT = 'HPE_INVALID_EOF_STATE';

/** Adds a listener to that of the server, which still sends the response. */
export function listenToClientErrors({ server }: FastifyInstance, accounting: HttpAccounting): void {
  server.on('clientError', (error: ClientError, socket: Socket) => {
    const status = statusOf(error, socket);
    if (status !== undefined) connectionOf(socket, accounting).malformed(status, error.code === CUT_SHORT ? ABORTED_STATUS : status);
  });
}

/** Returns the status of Fastify's response; undefined if the client only disconnected, or sent nothing. */
function statusOf({ code }: ClientError, socket: Socket): number | undefined {
  if (typeof code !== 'string' || socket.bytesRead === 0) return undefined;
  return STATUSES[code] ?? (code.startsWith('HPE_') ? BAD_REQUEST : undefined);
}
