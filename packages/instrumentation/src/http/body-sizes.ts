/**
 * Counts the bytes of the bodies of a request and its response, as they are on the wire: compressed if they are, without headers and the framing of
 * chunks.
 *
 * Neither Node nor the socket knows them for one request, because connections are shared. So each message gets methods of its own that count what
 * passes and call those of its class. They are the first around them, so a wrapper that is added later, such as one that compresses, is counted by its output.
 */
import type { ServerResponse } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import type { Readable } from 'node:stream';
import { hasBody } from '../private-api/node.js';
import type { Answer } from './stream-kind.js';

/** The bytes of the bodies of one request so far. */
export interface BodySizes {
  readonly received: number;
  readonly sent: number;
}

/** Starts to count. Call it before anything of the request's body is read. */
export function countBodies(answer: Answer): BodySizes {
  const sizes = new Sizes(answer);
  if ('pushStream' in answer) {
    countReceived(answer, sizes);
    countStream(answer, sizes);
  } else {
    countReceived(answer.req, sizes);
    countResponse(answer, sizes);
  }
  return sizes;
}

class Sizes implements BodySizes {
  received = 0;
  written = 0;

  constructor(private readonly answer: Answer) {}

  /** Node drops the body of HEAD, 204 and 304. A pipelined response whose turn never came has been written, but not to a socket. */
  get sent(): number {
    const { answer, written } = this;
    if ('pushStream' in answer) return written;
    return hasBody(answer) && (answer.writableFinished || answer.socket !== null) ? written : 0;
  }
}

/** Counts what Node's parser pushes, whether it is read or not. */
function countReceived(body: Readable, sizes: Sizes): void {
  const { push } = body;
  own(body, 'push', function counted(this: Readable, chunk: unknown, encoding?: BufferEncoding) {
    sizes.received += sizeOf(chunk, encoding);
    return push.call(this, chunk, encoding);
  });
}

/** Counts what is written until the end. It is counted before it is written, because an injected response is finished as soon as that. */
function countResponse(response: ServerResponse, sizes: Sizes): void {
  // `end` of a subclass may call `write`.
  let isInside = false;
  for (const name of ['write', 'end'] as const) {
    const method = response[name] as (...given: unknown[]) => unknown;
    own(response, name, function counted(this: ServerResponse, ...given: unknown[]) {
      const isCounted = !isInside && !response.writableEnded && !response.destroyed;
      if (!isCounted) return method.apply(this, given);
      const size = sizeOf(given[0], given[1]);
      sizes.written += size;
      isInside = true;
      try {
        return method.apply(this, given);
      } catch (error) {
        sizes.written -= size;
        throw error;
      } finally {
        isInside = false;
      }
    });
  }
}

/** Counts what Node passes to the protocol: bodies that are not sent do not get there. */
function countStream(stream: ServerHttp2Stream, sizes: Sizes): void {
  const { _write, _writev } = stream;
  own(stream, '_write', function counted(this: ServerHttp2Stream, ...given: Parameters<typeof _write>) {
    sizes.written += sizeOf(given[0], given[1]);
    return _write.apply(this, given);
  });
  if (_writev === undefined) return;
  own(stream, '_writev', function counted(this: ServerHttp2Stream, chunks: Parameters<typeof _writev>[0], done: () => void) {
    for (const { chunk, encoding } of chunks) sizes.written += sizeOf(chunk, encoding);
    return _writev.call(this, chunks, done);
  });
}

function sizeOf(chunk: unknown, encoding: unknown): number {
  if (typeof chunk === 'string') return Buffer.byteLength(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8');
  return chunk instanceof Uint8Array ? chunk.byteLength : 0;
}

/** Like a method of the class: can be replaced, and is not listed. */
function own(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, writable: true, configurable: true, enumerable: false });
}
