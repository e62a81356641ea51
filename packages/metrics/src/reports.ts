/** Tells of each kind of trouble once for each metric, however often it comes. */
import type { MetricError } from './errors.js';

/** Names of metrics may come from data; what was told is remembered for no more than this many. */
const MOST_REPORTS = 1000;

/** What a registry has told of so far. */
export class Reports {
  readonly #told = new Set<string>();
  readonly #tell: (error: MetricError) => void;

  constructor(tell: ((error: MetricError) => void) | undefined) {
    this.#tell = tell ?? warn;
  }

  /** Tells of an error unless this metric and reason were told before. Never throws: it may be called from user code. */
  once(metric: string, reason: MetricError['code'], error: () => MetricError): void {
    const key = `${reason} ${metric}`;
    if (this.#told.has(key) || this.#told.size >= MOST_REPORTS) return;
    this.#told.add(key);
    this.always(error());
  }

  /** Tells of an error, however often it comes. Never throws. */
  always(error: MetricError): void {
    try {
      this.#tell(error);
    } catch {
      warn(error);
    }
  }

  clear(): void {
    this.#told.clear();
  }
}

function warn(error: MetricError): void {
  process.emitWarning(error.message, { type: error.name, code: error.code });
}
