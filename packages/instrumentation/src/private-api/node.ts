/**
 * All uses of Node.js's undocumented interface.
 *
 * `test/private-api/node.test.ts` shows what broke if a release of Node.js changes it. Callers work without the parts that are missing.
 */
import type { ServerResponse } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';

/** The sent head of a response; undefined before it is sent. Headers that were passed to `writeHead` are only available here. */
export function headOf(response: ServerResponse): string | undefined {
  const head = (response as { readonly _header?: unknown })._header;
  return typeof head === 'string' ? head : undefined;
}

/** Whether Node sends the body that is written to a response, which it does not for HEAD, 204 and 304. Known once the head is sent. */
export function hasBody(response: ServerResponse): boolean {
  return (response as { readonly _hasBody?: unknown })._hasBody !== false;
}

interface Handle {
  getpeername?(peer: object): number;
  readonly writeQueueSize?: number;
}

/** Whether the operating system has no peer for a connection any more. Node caches the peer's address; only the handle asks again. */
export function hasLostPeer(socket: Socket): boolean {
  const handle = handleOf(socket);
  return typeof handle?.getpeername === 'function' && handle.getpeername({}) !== 0;
}

/** The number of bytes that wait for the client to read from its connection; 0 if there is no handle. */
export function waitingBytes(socket: Socket): number {
  return handleOf(socket)?.writeQueueSize ?? 0;
}

function handleOf(socket: Socket): Handle | null | undefined {
  return (socket as { readonly _handle?: Handle | null })._handle;
}

/**
 * Calls back when a stream is closed for the protocol but not yet for its user.
 *
 * Node then adds its own listener for the end of the request, and emits no other event.
 */
export function whenGoneForProtocol(stream: ServerHttp2Stream, gone: () => void): void {
  const heard = (event: string | symbol): void => {
    if (event !== 'end' || !stream.closed || stream.destroyed) return;
    stream.off('newListener', heard);
    gone();
  };
  stream.on('newListener', heard);
}
