/** Handles SIGHUP in a primary: a request to restart the workers, unless the terminal was closed. */
import { isatty } from 'node:tty';

/** Listens for SIGHUP, from its construction until `remove` is called. */
export class HangUps {
  readonly #hasTerminal = isatty(0);
  readonly #listener: () => void;

  /** @param act is told whether the signal means that the terminal of the program was closed. */
  constructor(act: (isTerminalClosed: boolean) => void) {
    // The descriptor of a closed terminal is none any more.
    this.#listener = () => act(this.#hasTerminal && !isatty(0));
    process.on('SIGHUP', this.#listener);
  }

  remove(): void {
    process.off('SIGHUP', this.#listener);
  }
}
