/** Finds out when a response is finished, or its connection is closed before that. */
import { constants, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';

type Ended = (isAborted: boolean) => void;

/** The events by which a response can end. */
type EndEvent = 'finish' | 'close';

/** Functions to be called at these events of the request and of the response, before their listeners. That costs less than listeners of our own. */
export interface EndEvents {
  readonly ofRequest: (event: EndEvent) => void;
  readonly ofResponse: (event: EndEvent) => void;
}

/**
 * Calls a function once, when the last byte of the response was passed to the operating system, or the connection was closed before.
 * @returns what has to be called for that; undefined if nothing has
 */
export function whenEnded(request: FastifyRequest, reply: FastifyReply, ended: Ended): EndEvents | undefined {
  const { stream } = reply.raw as { readonly stream?: ServerHttp2Stream };
  if (stream === undefined) return whenResponseEnded(request, reply, once(ended));
  stream.once('close', () => ended(!(stream.writableFinished && stream.rstCode === constants.NGHTTP2_NO_ERROR)));
  return undefined;
}

function whenResponseEnded({ raw: request }: FastifyRequest, { raw: response }: FastifyReply, ended: Ended): EndEvents {
  // Injected requests have a socket that is none.
  const socket = request.socket as Partial<Socket>;
  // The connection of an upgraded request belongs to another protocol, which does not use the response.
  if ((request as { readonly upgrade?: boolean }).upgrade === true) socket.once?.('close', () => ended(!response.writableFinished));
  return {
    // A pipelined request whose response has not begun is not told by its response that the connection is closed.
    ofRequest: () => {
      if (request.destroyed && socket.destroyed === true && !response.writableFinished) ended(true);
    },
    // Node also finishes a response whose last bytes were dropped because the client had disconnected.
    ofResponse: (event) => ended(event === 'finish' ? socket.destroyed === true : !response.writableFinished),
  };
}

function once(ended: Ended): Ended {
  let isOver = false;
  return (isAborted) => {
    if (isOver) return;
    isOver = true;
    ended(isAborted);
  };
}
