/** The answers for the tables of routes and of methods. */
import type { Latency, Span } from './common.js';

/** What the rows of routes and methods have in common. */
export interface Activity {
  /** Identifies the row. */
  readonly key: string;
  /** Calls or requests in the range. */
  readonly count: number;
  /** Per second. */
  readonly rate: number;
  /** Failed calls; responses with status 500 and above. */
  readonly errors: number;
  /** Share of `count`. */
  readonly errorRate: number | null;
  readonly latency: Latency;
  /** Seconds spent in the range, in all calls together. */
  readonly totalSeconds: number;
  /** Share of `totalSeconds` of all rows. Methods that call others include their time. */
  readonly share: number;
  /** The end of the last one, also before the range; null before the first. */
  readonly lastCalled: number | null;
}

export interface RouteRow extends Activity {
  readonly method: string;
  /** The template, such as `/api/users/:userId`; `<unmatched>`. */
  readonly path: string;
  /** Responses with status 400 to 499 in the range. */
  readonly clientErrors: number;
  readonly byStatus: Readonly<Record<string, number>>;
}

export interface MethodRow extends Activity {
  readonly component: string;
  readonly method: string;
  /** `service`, `controller`, `repository`, `object`, ... */
  readonly kind: string;
  /** Failures in the range by the class of their error. */
  readonly byError: Readonly<Record<string, number>>;
}

/** `GET routes`, `GET components`; `GET live?view=routes`. */
export interface Table<Row extends Activity> {
  readonly now: number;
  readonly span: Span;
  /** In no order. */
  readonly rows: Row[];
}
