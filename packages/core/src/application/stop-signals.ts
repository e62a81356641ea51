/** SIGTERM and SIGINT: the first asks a program to stop, one that comes later ends it at once. */

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

// One Ctrl-C arrives twice where a tool passes on what the terminal has sent to all: npm, nodemon, tsx and node --watch do so
// within 150 ms, some with the other signal. Nobody decides in less than a second that a stop takes too long.
const SAME_WISH_MS = 1000;

/** Listens to the signals, from its construction until `remove`. */
export class StopSignals {
  #received = false;
  #insists = false;
  #act: (signal: NodeJS.Signals) => void;
  readonly #listener = (signal: NodeJS.Signals): void => {
    if (this.#insists) process.exit(1);
    if (this.#received) return;
    this.#received = true;
    this.#awaitLaterSignals();
    this.#act(signal);
  };

  /** @param act is what the first signal does, until `redirect` is called. */
  constructor(act: (signal: NodeJS.Signals) => void) {
    this.#act = act;
    for (const signal of SIGNALS) process.on(signal, this.#listener);
  }

  /** Whether the program was asked to stop. */
  get received(): boolean {
    return this.#received;
  }

  /** Has the first signal do something else from now on. */
  redirect(act: (signal: NodeJS.Signals) => void): void {
    this.#act = act;
  }

  remove(): void {
    for (const signal of SIGNALS) process.off(signal, this.#listener);
  }

  // By an immediate, so that a signal which came while a hook kept the event loop busy is handled before the second is over.
  #awaitLaterSignals(): void {
    const over = (): void => {
      setImmediate(() => {
        this.#insists = true;
      }).unref();
    };
    setTimeout(over, SAME_WISH_MS).unref();
  }
}
