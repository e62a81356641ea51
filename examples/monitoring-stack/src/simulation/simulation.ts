/** Decides how long each simulated request takes and how it ends. */
import { Service, Value } from 'tsukimi';
import { seededRandom } from './random.js';

/** What happens to one request. */
export interface Outcome {
  readonly latencyMs: number;
  readonly status: number;
}

/** How many of 100 requests end with each status. */
const STATUSES: readonly (readonly [status: number, percent: number])[] = [
  [200, 85],
  [404, 5],
  [429, 3],
  [500, 5],
  [503, 2],
];

@Service()
export class Simulation {
  readonly #random: () => number;

  constructor(
    @Value('${simulation.seed:1}') seed: number,
    @Value('${simulation.max_latency_ms:800}') private readonly maxLatencyMs: number,
  ) {
    this.#random = seededRandom(seed);
  }

  /** The outcome of the next request: with the same seed, the n-th request always has the same. */
  next(): Outcome {
    // The square of an even distribution: most requests are fast, a few are slow.
    const latencyMs = Math.round(this.#random() ** 2 * this.maxLatencyMs);
    return { latencyMs, status: statusAt(this.#random() * 100) };
  }
}

function statusAt(percent: number): number {
  let upTo = 0;
  for (const [status, share] of STATUSES) {
    upTo += share;
    if (percent < upTo) return status;
  }
  return 200;
}
