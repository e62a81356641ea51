/** Handles SIGTERM and SIGINT: the first signal stops the program in order, a later one ends it at once. */

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

// One Ctrl-C can arrive twice, because npm, nodemon, tsx and node --watch forward the signal that the terminal sent to all processes, within
// 150 ms and sometimes as the other signal. A user who wants to force the exit takes longer than that.
const SAME_WISH_MS = 1000;

/** Requests to stop the program. */
export interface StopRequests {
  /** Whether the program was asked to stop. */
  readonly received: boolean;
  /** Replaces the handler of the first request. */
  redirect(act: (request: StopRequest) => void): void;
  remove(): void;
}

/** A request to stop the program. */
export interface StopRequest {
  /** Why, for the log: `SIGTERM`. */
  readonly reason: string;
  /** Whether another process has taken over, so that clients get time to move their connections to it. */
  readonly isReplaced: boolean;
  /** Whether no new connection can come, so that `server.shutdown_delay_ms` serves nobody. */
  readonly isOrphaned?: boolean;
}

/** Listens for the signals, from its construction until `remove` is called. */
export class StopSignals implements StopRequests {
  #received = false;
  #insists = false;
  #act: (request: StopRequest) => void;
  readonly #listener = (signal: NodeJS.Signals): void => {
    if (this.#insists) process.exit(1);
    if (this.#received) return;
    this.#received = true;
    this.#awaitLaterSignals();
    this.#act({ reason: signal, isReplaced: false });
  };

  /** @param act the handler of the first signal, until `redirect` sets another one. */
  constructor(act: (request: StopRequest) => void) {
    this.#act = act;
    for (const signal of SIGNALS) process.on(signal, this.#listener);
  }

  /** Whether the program was asked to stop. */
  get received(): boolean {
    return this.#received;
  }

  /** Replaces the handler of the first signal. */
  redirect(act: (request: StopRequest) => void): void {
    this.#act = act;
  }

  remove(): void {
    for (const signal of SIGNALS) process.off(signal, this.#listener);
  }

  // In an immediate, so that a signal that arrived while a hook blocked the event loop is handled before the time is over.
  #awaitLaterSignals(): void {
    const over = (): void => {
      // Without unref, which would leave it waiting where nothing else happens until the next signal.
      setImmediate(() => {
        this.#insists = true;
      });
    };
    setTimeout(over, SAME_WISH_MS).unref();
  }
}
