/** SIGTERM and SIGINT: the first asks a program to stop, a second one ends it at once. */

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Listens to the signals, from its construction until `remove`. */
export class StopSignals {
  #received = false;
  #act: (signal: NodeJS.Signals) => void;
  readonly #listener = (signal: NodeJS.Signals): void => {
    if (this.#received) process.exit(1);
    this.#received = true;
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
}
