/** The body of a response that is a scrape: says when a chunk has left the process, so that its memory is used again. */
import { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { ScrapeReader } from '@tsukimi/metrics';

/** A stream of the chunks. Piped to a response of Node's HTTP/1 server, it writes them itself, because only a write's callback tells when it is over. */
export class ScrapeBody extends Readable {
  #isReading = false;

  constructor(private readonly reader: ScrapeReader) {
    super();
  }

  override pipe<T extends NodeJS.WritableStream>(target: T, options?: { end?: boolean }): T {
    if (!isPlainResponse(target)) return super.pipe(target, options);
    void this.#writeTo(target, options?.end !== false);
    return target;
  }

  /** For other targets: their chunks are not used again. */
  override async _read(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      const { done, value } = await this.reader.next();
      this.#isReading = false;
      this.push(done ? null : value);
    } catch (error) {
      this.destroy(error as Error);
    }
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    void this.reader.return();
    callback(error);
  }

  async #writeTo(response: ServerResponse, ends: boolean): Promise<void> {
    // Data is written past the buffer of this stream, which only tells its end.
    this.#isReading = true;
    try {
      for await (const chunk of this.reader) {
        const isTaken = response.write(chunk, (error) => {
          if (error === undefined || error === null) this.reader.release();
        });
        if (!isTaken) await drained(response);
        if (this.destroyed) return;
      }
      if (ends) response.end();
      this.push(null);
      this.resume();
    } catch (error) {
      this.destroy(error as Error);
    }
  }
}

/** Whether the response is Node's own, and nothing is between it and the socket: wrappers, such as those that compress, may keep what they get. */
function isPlainResponse(target: object): target is ServerResponse {
  return Object.getPrototypeOf(target) === ServerResponse.prototype && !Object.hasOwn(target, 'write');
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    if (response.destroyed) return resolve();
    const go = (): void => {
      response.off('drain', go).off('close', go);
      resolve();
    };
    response.on('drain', go).on('close', go);
  });
}
