/**
 * Detects HTTP/2 streams that the client reset with code 0 while the response was being written.
 *
 * Node before 26 never closes such a stream, because it waits for writes that can't finish, and a closing server waits for it too.
 */
import type { Http2Stream, ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
// Not the globals, which a test may fake.
import { setImmediate, setTimeout } from 'node:timers';
import { waitingBytes, whenGoneForProtocol } from '../private-api/node.js';

const RECHECK_MS = 100;

/** The streams of one server that are never closed. */
export class ResetStreams {
  readonly #stuck = new Set<ServerHttp2Stream>();
  #isClosing = false;

  /** Calls back, possibly twice, when the stream was reset before its response was complete. The stream may be closed much later, with its session. */
  watch(stream: ServerHttp2Stream, onReset: () => void): void {
    whenGoneForProtocol(stream, () => {
      // The response had not ended. A handler may still end it, and Node would then report it as sent.
      if (stream.aborted && !stream.writableFinished) onReset();
      // A write that the operating system accepted in this turn is reported in one of the next turns.
      setImmediate(setImmediate, () => this.#check(stream, onReset));
    });
  }

  /** Destroys such streams, now and from now on. Called when the server closes. */
  destroy(): void {
    this.#isClosing = true;
    for (const stream of this.#stuck) stream.destroy();
  }

  #check(stream: ServerHttp2Stream, onReset: () => void): void {
    if (stream.destroyed || stream.writableFinished) return;
    if (unsentBytes(stream) > 0) {
      setTimeout(() => this.#check(stream, onReset), RECHECK_MS).unref();
      return;
    }
    onReset();
    this.#stuck.add(stream);
    stream.once('close', () => this.#stuck.delete(stream));
    if (this.#isClosing) stream.destroy();
  }
}

/** The number of bytes that wait for the client to read. They may include the end of the response, after which the stream ends normally. */
function unsentBytes({ session }: Http2Stream): number {
  return session?.destroyed === false ? waitingBytes(session.socket as Socket) : 0;
}
