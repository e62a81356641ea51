/** The state of the live table: the last reading, and the view that the user chose. */
import { layFrame, type Size } from './frame.js';
import { type Key, press, type Request, type ViewState } from './keys.js';
import { type Rows, rowsOf } from './rates.js';
import type { Reading } from './reading.js';
import type { Choice } from './sections.js';
import type { Line } from './table.js';

/** The live table. It begins with one reading; later readings, keys and failures change it. */
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

  /** Keeps the last values, with a line that shows their age. */
  fail(reason: string, silentMs: number): void {
    this.#trouble = `no response for ${Math.round(silentMs / 1000)} s, retrying: ${reason}`;
  }

  /** @returns the request of the key; undefined if the key changed the view or has no meaning */
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
    // The end of scrolling is only known here.
    this.#view = { choice, offset: frame.offset };
    this.#pageRows = frame.pageRows;
    return frame.lines;
  }
}
