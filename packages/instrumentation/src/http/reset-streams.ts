/**
 * Notices HTTP/2 streams whose client reset them with the code 0 while their response was being written.
 *
 * Node before 26 never closes such a stream: it waits for writes that can't be finished any more, and a server that closes waits with it.
 */
import type { Http2Stream, ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
// Not the globals: a test may fake them.
import { setImmediate, setTimeout } from 'node:timers';
import { waitingBytes, whenGoneForProtocol } from '../private-api/node.js';

const RECHECK_MS = 100;

/** The streams of one server that nothing will ever close. */
export class ResetStreams {
  readonly #stuck = new Set<ServerHttp2Stream>();
  #isClosing = false;

  /** Calls back, perhaps twice, once the stream has been reset before its response was whole. It may be closed much later, with its session. */
  watch(stream: ServerHttp2Stream, onReset: () => void): void {
    whenGoneForProtocol(stream, () => {
      // The response had not ended. A handler may still end it, and Node would say of that answer that it was sent.
      if (stream.aborted && !stream.writableFinished) onReset();
      // A write that the operating system took in this turn says so in one of the next.
      setImmediate(setImmediate, () => this.#check(stream, onReset));
    });
  }

  /** Destroys them, now and from now on: for a server that closes. */
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

/** What waits for the client to read from its connection: the end of the response may be among it, and then the stream ends in time. */
function unsentBytes({ session }: Http2Stream): number {
  return session?.destroyed === false ? waitingBytes(session.socket as Socket) : 0;
}
