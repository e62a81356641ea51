/** The answer for the overview. */
import type { Latency, Span } from './common.js';

/** `GET overview`; `GET live?view=overview`. */
export interface Overview {
  readonly now: number;
  readonly span: Span;
  /** The last sample: rates are those of the last 10 seconds. */
  readonly current: OverviewValues;
  /** Over the whole range. */
  readonly total: {
    readonly requests: number;
    readonly errors: number;
    readonly latency: Latency;
  };
  /** The health checks of the application; empty if it has none. */
  readonly health: HealthCheck[];
  readonly points: OverviewPoint[];
  /** Seconds between two points. */
  readonly step: number;
}

export interface HealthCheck {
  readonly name: string;
  readonly kind: 'readiness' | 'liveness' | 'info';
  /** Null before the first run has ended. */
  readonly status: 'up' | 'down' | null;
  /** Of the last run, in seconds. */
  readonly duration: number | null;
  /** Why it is down. */
  readonly message: string | null;
  /** Since when it has this status. */
  readonly since: number | null;
}

export interface OverviewValues {
  /** Requests per second; null without HTTP accounting, like all that are about requests. */
  readonly requestRate: number | null;
  /** Share of responses with status 500 and above. */
  readonly errorRate: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly inFlight: number | null;
  readonly streams: number | null;
  /** Calls of component methods per second. */
  readonly callRate: number | null;
  /** Share of one core: 1 is one core. */
  readonly cpu: number | null;
  /** Resident memory. */
  readonly memoryBytes: number | null;
  readonly heapBytes: number | null;
  /** Mean delay of the event loop. */
  readonly eventLoopLag: number | null;
  readonly eventLoopLagP99: number | null;
  readonly eventLoopUtilization: number | null;
  readonly uptimeSeconds: number | null;
}

export interface OverviewPoint extends OverviewValues {
  /** The end of the step. */
  readonly at: number;
}
