/** A stream whose events another process sends to the browser. */
import type { PageStream } from '@tsukimi/instrumentation';

/** What `LiveStreams` uses of a response. */
export class PassedResponse {
  /** The other process has the browser, and drops it if it takes nothing. */
  readonly writableNeedDrain = false;
  readonly #stream: PageStream;
  readonly #onClose: (() => void)[] = [];
  /** What is written before the stream is open. */
  #first: string | undefined = '';
  #isClosed = false;

  constructor(stream: PageStream) {
    this.#stream = stream;
  }

  /** What was written so far. From now on, everything goes to the stream. */
  opened(): string {
    const first = this.#first ?? '';
    this.#first = undefined;
    return first;
  }

  writeHead(): this {
    return this;
  }

  write(text: string): boolean {
    if (this.#isClosed) return false;
    if (this.#first !== undefined) this.#first += text;
    else if (!this.#stream.write(text)) this.destroy();
    return true;
  }

  end(text?: string): this {
    if (text !== undefined) this.write(text);
    return this.destroy();
  }

  destroy(): this {
    if (this.#isClosed) return this;
    this.#isClosed = true;
    this.#stream.end();
    for (const listener of this.#onClose) listener();
    return this;
  }

  on(event: string, listener: () => void): this {
    if (event === 'close') this.#onClose.push(listener);
    return this;
  }
}
