/** A row of the table `requests`. */

export interface LoggedRequest {
  readonly at: Date;
  readonly method: string;
  /** The route's template, such as `/green`. */
  readonly route: string;
  /** 499 where the client left before it had an answer. */
  readonly status: number;
  readonly durationMs: number;
}

/** How often a route has ended with a status. */
export interface RouteCount {
  readonly route: string;
  readonly status: number;
  readonly requests: number;
  readonly mean_ms: number;
}
