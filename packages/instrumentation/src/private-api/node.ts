/**
 * What is used of Node.js that is not part of its documented interface: all of it stands here.
 *
 * `test/private-api/node.test.ts` says what broke when a release of Node.js changes it; callers do without what is missing.
 */
import type { ServerResponse } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';

/** The head of a response as it went out; undefined before that. Headers that are given to `writeHead` are nowhere else. */
export function headOf(response: ServerResponse): string | undefined {
  const head = (response as { readonly _header?: unknown })._header;
  return typeof head === 'string' ? head : undefined;
}

interface Handle {
  getpeername?(peer: object): number;
  readonly writeQueueSize?: number;
}

/** Whether the operating system has no peer for a connection any more. Node keeps the answer that it once had; only its handle asks anew. */
export function hasLostPeer(socket: Socket): boolean {
  const handle = handleOf(socket);
  return typeof handle?.getpeername === 'function' && handle.getpeername({}) !== 0;
}

/** What waits for the client to read from its connection. Without a handle nothing is known to wait. */
export function waitingBytes(socket: Socket): number {
  return handleOf(socket)?.writeQueueSize ?? 0;
}

function handleOf(socket: Socket): Handle | null | undefined {
  return (socket as { readonly _handle?: Handle | null })._handle;
}

/**
 * Calls back once a stream is gone for the protocol and not yet for its user.
 *
 * Node then adds its own listener for the end of the request, and tells of it by no other event.
 */
export function whenGoneForProtocol(stream: ServerHttp2Stream, gone: () => void): void {
  const heard = (event: string | symbol): void => {
    if (event !== 'end' || !stream.closed || stream.destroyed) return;
    stream.off('newListener', heard);
    gone();
  };
  stream.on('newListener', heard);
}
