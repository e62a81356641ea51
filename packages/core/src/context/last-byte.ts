/** Finds out when a response is finished, or its connection is closed before that. */
import { constants, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';

type Ended = (isAborted: boolean) => void;

/** Calls a function once, when the last byte of the response was passed to the operating system, or the connection was closed before. */
export function whenEnded(request: FastifyRequest, reply: FastifyReply, ended: Ended): void {
  const { stream } = reply.raw as { readonly stream?: ServerHttp2Stream };
  if (stream === undefined) whenResponseEnded(request, reply, once(ended));
  else stream.once('close', () => ended(!(stream.writableFinished && stream.rstCode === constants.NGHTTP2_NO_ERROR)));
}

function whenResponseEnded({ raw: request }: FastifyRequest, { raw: response }: FastifyReply, ended: Ended): void {
  // Injected requests have a socket that is none.
  const socket = request.socket as Partial<Socket>;
  // Node also finishes a response whose last bytes were dropped because the client had disconnected.
  // With `on`, which is cheaper than `once`: the emitters live no longer than the request, and `ended` acts once.
  response.on('finish', () => ended(socket.destroyed === true));
  response.on('close', () => ended(!response.writableFinished));
  // A pipelined request whose response has not begun is not told by its response that the connection is closed.
  request.on('close', () => {
    if (request.destroyed && socket.destroyed === true && !response.writableFinished) ended(true);
  });
  // The connection of an upgraded request belongs to another protocol, which does not use the response.
  if ((request as { readonly upgrade?: boolean }).upgrade === true) socket.once?.('close', () => ended(!response.writableFinished));
}

function once(ended: Ended): Ended {
  let isOver = false;
  return (isAborted) => {
    if (isOver) return;
    isOver = true;
    ended(isAborted);
  };
}
