/** How many requests of each kind got which status. */
import type { PlannedRequest } from './plan.js';

/** One line of the summary; method, path and status are those of `http_requests_total`. */
export interface SummaryRow {
  readonly method: string;
  readonly path: string;
  readonly status: string;
  readonly requests: number;
}

/** Counts requests by method, route and status. */
export class TrafficSummary {
  readonly #rows = new Map<string, SummaryRow>();

  add({ method, route }: PlannedRequest, statusCode: number): void {
    const status = String(statusCode);
    const key = `${route} ${method} ${status}`;
    const requests = (this.#rows.get(key)?.requests ?? 0) + 1;
    this.#rows.set(key, { method, path: route, status, requests });
  }

  /** By route, method and status. */
  get rows(): SummaryRow[] {
    return [...this.#rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  }

  get total(): number {
    return this.rows.reduce((sum, { requests }) => sum + requests, 0);
  }

  /** A table for a terminal. */
  toString(): string {
    const width = Math.max(...this.rows.map(({ path }) => path.length));
    const lines = this.rows.map(
      ({ method, path, status, requests }) => `${method.padEnd(5)} ${path.padEnd(width)} ${status} ${String(requests).padStart(6)}`,
    );
    return [...lines, `${'total'.padEnd(width + 10)} ${String(this.total).padStart(6)}`].join('\n');
  }
}
