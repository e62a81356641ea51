/** Counts what clients send that is not HTTP, or not all of it: Node answers it without making a request of it. */
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { ABORTED_STATUS } from '../catalogue.js';
import type { HttpAccounting } from './accounting.js';
import { connectionOf } from './connection.js';

/** A client's error as Node reports it. */
interface ClientError {
  readonly code?: string;
}

const BAD_REQUEST = 400;
const STATUSES: Readonly<Record<string, number>> = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 };
/** The client closed its side before its request was whole. */
const CUT_SHORT = 'HPE_INVALID_EOF_STATE';

/** Listens beside the server's own handler, which still answers as it does. */
export function listenToClientErrors({ server }: FastifyInstance, accounting: HttpAccounting): void {
  server.on('clientError', (error: ClientError, socket: Socket) => {
    const status = statusOf(error, socket);
    if (status !== undefined) connectionOf(socket, accounting).malformed(status, error.code === CUT_SHORT ? ABORTED_STATUS : status);
  });
}

/** The status that Fastify answers with; undefined if the client only went away, or sent nothing. */
function statusOf({ code }: ClientError, socket: Socket): number | undefined {
  if (typeof code !== 'string' || socket.bytesRead === 0) return undefined;
  return STATUSES[code] ?? (code.startsWith('HPE_') ? BAD_REQUEST : undefined);
}
