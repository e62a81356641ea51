/** Reports each kind of error once for each metric. */
import type { MetricError } from './errors.js';

/** The maximum number of remembered reports, because names of metrics may come from data. */
const MOST_REPORTS = 1000;

/** The errors that a registry has reported so far. */
export class Reports {
  readonly #told = new Set<string>();
  readonly #tell: (error: MetricError) => void;

  constructor(tell: ((error: MetricError) => void) | undefined) {
    this.#tell = tell ?? warn;
  }

  /** Reports an error unless this metric and reason were reported before. Never throws, because user code may call it. */
  once(metric: string, reason: MetricError['code'], error: () => MetricError): void {
    const key = `${reason} ${metric}`;
    if (this.#told.has(key) || this.#told.size >= MOST_REPORTS) return;
    this.#told.add(key);
    this.always(error());
  }

  /** Reports an error, also repeatedly. Never throws. */
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
