/** The alternate screen of the terminal, which is restored at the end. */
import type { Colors } from '../colors.js';
import type { Output } from '../command-context.js';
import type { Line, LineStyle } from './table.js';

const ESCAPE = '\u001B[';

// The names are those of xterm's control sequences, https://invisible-island.net/xterm/ctlseqs/ctlseqs.html
const ALTERNATE_SCREEN = { on: `${ESCAPE}?1049h`, off: `${ESCAPE}?1049l` } as const;
const CURSOR = { on: `${ESCAPE}?25h`, off: `${ESCAPE}?25l` } as const;
/** Off: what is wider than the terminal thinks is cut at its edge, and moves no other line. */
const WRAP = { on: `${ESCAPE}?7h`, off: `${ESCAPE}?7l` } as const;
/** On: terminals that know it show the frame at once, when it is complete. */
const SYNCHRONIZED = { on: `${ESCAPE}?2026h`, off: `${ESCAPE}?2026l` } as const;
const HOME = `${ESCAPE}H`;
const CLEAR_LINE = `${ESCAPE}K`;

/** Draws frames. `leave()` restores the terminal, and can be called several times. */
export class Screen {
  readonly #output: Output;
  readonly #paint: (line: Line) => string;
  #isEntered = false;
  #drawn = '';

  constructor(output: Output, paint: (line: Line) => string) {
    this.#output = output;
    this.#paint = paint;
  }

  enter(): void {
    this.#isEntered = true;
    this.#drawn = '';
    this.#output.write(ALTERNATE_SCREEN.on + CURSOR.off + WRAP.off);
  }

  /** Writes each line over the one that was there; a frame has as many as the screen. The same frame twice is drawn once. */
  draw(lines: readonly Line[]): void {
    if (!this.#isEntered) return;
    // Cleared first: behind a line that fills its row the cursor still stands on the last character.
    const text = lines.map((line) => CLEAR_LINE + this.#paint(line)).join('\r\n');
    if (text === this.#drawn) return;
    this.#drawn = text;
    this.#output.write(SYNCHRONIZED.on + HOME + text + SYNCHRONIZED.off);
  }

  /** The next frame is drawn whatever it holds: the terminal has changed its size. */
  forget(): void {
    this.#drawn = '';
  }

  leave(): void {
    if (!this.#isEntered) return;
    this.#isEntered = false;
    this.#output.write(WRAP.on + CURSOR.on + ALTERNATE_SCREEN.off);
  }
}

/** Gives a line the colours of its style. */
export function painter(colors: Colors): (line: Line) => string {
  const paints: Readonly<Record<LineStyle, (text: string) => string>> = {
    plain: (text) => text,
    title: colors.inverse,
    heading: colors.bold,
    faint: colors.dim,
    alert: colors.red,
  };
  return ({ text, style }) => paints[style](text);
}
