/** The answers for one route or method, and for the last errors. */
import type { HeatMap, Span } from './common.js';
import type { Activity, MethodRow, RouteRow } from './tables.js';

/** `GET route?method=&path=`, `GET method?component=&method=`; `GET live?view=route&...`. */
export interface Detail<Row extends Activity = RouteRow | MethodRow> {
  readonly now: number;
  readonly span: Span;
  readonly step: number;
  /** Null if it has not been called since the history began. */
  readonly row: Row | null;
  readonly points: DetailPoint[];
  readonly heat: HeatMap;
  readonly lastErrors: LastError[];
}

export interface DetailPoint {
  /** The end of the step. */
  readonly at: number;
  readonly rate: number;
  /** Per second. */
  readonly errorRate: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** `GET errors`; newest first. */
export interface LastErrors {
  readonly now: number;
  /** False if `instrumentation.console.errors` is `off`: the list is empty then. */
  readonly isKept: boolean;
  readonly errors: LastError[];
}

export interface LastError {
  /** Ascending. */
  readonly id: number;
  readonly at: number;
  /** The class of what was thrown. */
  readonly type: string;
  /** Without what looks like a credential; null if messages are not shown. */
  readonly message: string | null;
  /** The method of a component that failed. Of a route's error, the first method that failed with it, and null if none did. */
  readonly component: string | null;
  readonly method: string | null;
  /** The route, such as `GET /api/users/:userId`. Of a method's error, null if it is not known. */
  readonly route: string | null;
}
