/** The public interface of an application's health. */
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** What a check decides on. `info` is shown and measured, and decides nothing. */
export type HealthCheckKind = 'readiness' | 'liveness' | 'info';

/** What a probe asks: whether the process works, whether it should get requests, whether it has started. */
export type HealthProbe = 'live' | 'ready' | 'startup';

export type HealthStatus = 'up' | 'down';

/** Options of a check. */
export interface HealthCheckOptions {
  /**
   * The name of the check in responses, metrics and logs.
   * @default '<Component>.<method>'
   */
  readonly name?: string;
  /**
   * `readiness`: while the check is down, the application should get no requests. `liveness`: while it is down, the process should also be restarted, so
   * don't ask other systems there. `info`: only shown and measured.
   * @default 'readiness'
   */
  readonly kind?: HealthCheckKind;
  /**
   * How long a run can take, in milliseconds, at least 1. Then the check is down.
   * @default health.timeout_ms of the configuration
   */
  readonly timeoutMs?: number;
  /**
   * How long a result is used again, in milliseconds, at least 0.
   * @default health.cache_ms of the configuration
   */
  readonly cacheMs?: number;
}

/** What a run of a check gets. */
export interface HealthCheckRun {
  /** Aborted when the run has taken too long. Pass it on: as long as a run has not ended, no other run starts. */
  readonly signal: AbortSignal;
}

/** What a check can return to say more. If it returns anything else but `false`, it is up; if it returns `false` or throws, it is down. */
export interface HealthCheckOutcome {
  readonly status: HealthStatus;
  readonly message?: string;
}

/** A check that an extension adds. */
export interface HealthCheckDefinition extends HealthCheckOptions {
  readonly name: string;
  /** Returns or resolves if the check is up; throws or rejects if it is down. */
  check(run: HealthCheckRun): unknown;
}

/** The result of one check. */
export interface HealthCheckResult {
  readonly status: HealthStatus;
  /** The duration of the last run. */
  readonly durationMs: number;
  /** Why the check is down, without credentials and cut to 300 characters; null if there is nothing to say. */
  readonly message: string | null;
  /** Since when the check has this status, in ISO 8601 format. */
  readonly since: string;
}

/** The answer to a probe. */
export interface HealthReport {
  /** `down` if one of the checks that decide on the probe is down, or if the application is starting or stopping. */
  readonly status: HealthStatus;
  /** The checks of the probe by name. `application` is among them only while the application is starting or stopping. */
  readonly checks: Readonly<Record<string, HealthCheckResult>>;
}

/** A check and its last result. */
export interface HealthCheckState {
  readonly name: string;
  readonly kind: HealthCheckKind;
  /** Undefined before the first run has ended. */
  readonly result: HealthCheckResult | undefined;
}

/** The health of one application. */
export interface Health {
  /** The checks with their last results. Nothing runs. */
  readonly checks: readonly HealthCheckState[];
  /**
   * Adds a check. Call it before the application has started: in `configure` or `server` of an extension, or in a start hook.
   * @throws TSK_ERR_HEALTH_NAME, TSK_ERR_HEALTH_OPTION, TSK_ERR_HEALTH_DUPLICATE, TSK_ERR_HEALTH_LATE
   */
  add(check: HealthCheckDefinition): void;
  /** Answers a probe. Runs the checks whose last results are too old, each once, however many ask. */
  report(probe: HealthProbe): Promise<HealthReport>;
}

/** What a client sees of the checks: nothing but the status of all, their results without messages, or everything. */
export type HealthDetails = 'none' | 'results' | 'messages';

/** The health of an application, as its extensions see it. */
export interface HealthHost extends Health {
  /** Calls back after each run of a check. The listener must not throw. */
  onResult(listener: (check: HealthCheckState & { readonly result: HealthCheckResult }) => void): void;
  /** Runs the checks whose last results are too old, and resolves when they have ended. Does nothing before the application has started. Never rejects. */
  refresh(): Promise<void>;
  /** Decides, where `health.details` is `allowed`, what a client sees. The last decision that was set counts; without one, clients see the status only. */
  showDetails(decide: (request: FastifyRequest) => HealthDetails): void;
  /** Takes over the endpoints where `health.port` is `metrics`. Call it in `server`. @returns a function that adds the routes to another server */
  claimRoutes(): (server: FastifyInstance) => Promise<void>;
}
