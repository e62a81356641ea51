/** The decorator that makes a component's method a health check. */
import { requireCall, requireOptions } from '../decorators/decorator-use.js';
import type { HealthCheckOptions, HealthCheckRun } from './health.js';
import { declareHealthCheck } from './health-metadata.js';

/** A decorator of a method that takes nothing, or the run with its `signal`. */
export type HealthCheckDecorator = <T extends (run: HealthCheckRun) => unknown>(
  target: object,
  method: string,
  descriptor: TypedPropertyDescriptor<T>,
) => void;

/**
 * Makes a component's method a health check, which `/health/ready` (or, with `kind: 'liveness'`, `/health/live` too) asks.
 *
 * The check is down if the method throws, rejects, returns `false` or `{ status: 'down', message }`, or takes longer than `timeoutMs`. Results are used
 * again for `cacheMs`, and a check never runs twice at once, so probes can't overload what it asks. The options are checked at start, with errors
 * `TSK_ERR_HEALTH_*`.
 *
 * @example
 * @HealthCheck({ name: 'database', timeoutMs: 500 })
 * async ping({ signal }: HealthCheckRun): Promise<void> {
 *   await this.database.ping({ signal });
 * }
 */
export function HealthCheck(options?: HealthCheckOptions): HealthCheckDecorator;
export function HealthCheck(...given: readonly [HealthCheckOptions?, ...unknown[]]): HealthCheckDecorator {
  requireCall('@HealthCheck', given);
  const [options = {}] = given;
  requireOptions('@HealthCheck', options, "Write @HealthCheck() or @HealthCheck({ name: 'database', timeoutMs: 500 }).");
  return (target, method) => declareHealthCheck(target, method, options);
}
