/** The state of the live table: what was read last, and what a person wants to see of it. */
import { layFrame, type Size } from './frame.js';
import { type Key, press, type Request, type ViewState } from './keys.js';
import { type Rows, rowsOf } from './rates.js';
import type { Reading } from './reading.js';
import type { Choice } from './sections.js';
import type { Line } from './table.js';

/** Begins with one reading; every later one, each key and each failure changes what is shown. */
export class LiveTable {
  readonly #url: string;
  #reading: Reading;
  #rows: Rows;
  #view: ViewState;
  #trouble: string | undefined;
  #pageRows = 0;

  constructor(url: string, reading: Reading, choice: Choice) {
    this.#url = url;
    this.#reading = reading;
    this.#rows = rowsOf(reading);
    this.#view = { choice, offset: 0 };
  }

  update(reading: Reading): void {
    this.#rows = rowsOf(reading, this.#reading);
    this.#reading = reading;
    this.#trouble = undefined;
  }

  /** The last numbers stay, under a line that says since when they are old. */
  fail(reason: string, silentMs: number): void {
    this.#trouble = `no response for ${Math.round(silentMs / 1000)} s, retrying: ${reason}`;
  }

  /** @returns what the key asks of the command; undefined for one that changed the view, or nothing. */
  press(key: Key): Request | undefined {
    const next = press(this.#view, key, this.#pageRows);
    if (typeof next === 'string') return next;
    this.#view = next;
    return undefined;
  }

  lines(size: Size): readonly Line[] {
    const { choice, offset } = this.#view;
    const content = { url: this.#url, reading: this.#reading, rows: this.#rows, choice, offset, trouble: this.#trouble };
    const frame = layFrame(content, size);
    // Where the scrolling ends is known only here.
    this.#view = { choice, offset: frame.offset };
    this.#pageRows = frame.pageRows;
    return frame.lines;
  }
}
