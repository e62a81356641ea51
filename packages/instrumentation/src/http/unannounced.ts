/** Begins requests that no server announced: injected requests, those of servers other than Node's, and WebSockets that a plugin routes itself. */
import type { ServerHttp2Stream } from 'node:http2';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HttpAccounting, OpenRequest } from './accounting.js';
import { beginStream } from './http2.js';
import { sentStatus } from './sent-status.js';

const SWITCHING_PROTOCOLS = 101;

/** Begins a request in Fastify's first hook, and ends it with its response. */
export function beginUnannounced(request: FastifyRequest, reply: FastifyReply, accounting: HttpAccounting): OpenRequest {
  const { stream } = reply.raw as { readonly stream?: ServerHttp2Stream };
  return stream === undefined ? beginResponse(request, reply, accounting) : beginStream(stream, accounting, request.raw.method);
}

function beginResponse(request: FastifyRequest, reply: FastifyReply, accounting: HttpAccounting): OpenRequest {
  const response = reply.raw;
  const open = accounting.begin(request.raw.method, response);
  const isTaken = () => isUpgraded(request, reply);
  if ((request.raw as { readonly upgrade?: boolean }).upgrade === true) open.isUpgraded = isTaken;
  response.once('finish', () => accounting.finish(open, sentStatus(response)));
  response.once('close', () => {
    if (isTaken()) open.abortStatus = SWITCHING_PROTOCOLS;
    accounting.abort(open);
  });
  return open;
}

/** Whether the connection was upgraded to another protocol: its handler took the socket and did not use the response. */
function isUpgraded(request: FastifyRequest, reply: FastifyReply): boolean {
  return (request.raw as { readonly upgrade?: boolean }).upgrade === true && reply.sent && !reply.raw.headersSent;
}
