/** Checks the options of a health check, and fills in those that are not set. */
import { LONGEST_TIMEOUT_MS } from '../longest-timeout.js';
import type { CheckParts } from './check.js';
import { healthCheckName, healthCheckOption, healthCheckOptionUnknown } from './errors.js';
import type { HealthCheckKind, HealthCheckOptions } from './health.js';

const KINDS: readonly unknown[] = ['readiness', 'liveness', 'info'] satisfies readonly HealthCheckKind[];
const KNOWN: readonly string[] = ['name', 'kind', 'timeoutMs', 'cacheMs'] satisfies readonly (keyof HealthCheckOptions)[];
const LONGEST_NAME = 200;

/** The values of the options that a check does not set. */
export interface HealthDefaults {
  readonly timeoutMs: number;
  readonly cacheMs: number;
}

/**
 * Returns the options with all values set.
 * @param where the place of the check, and its default name
 * @throws TSK_ERR_HEALTH_NAME, TSK_ERR_HEALTH_OPTION
 */
export function checkedOptions(
  options: HealthCheckOptions,
  { where, name: usual, defaults }: { readonly where: string; readonly name: string; readonly defaults: HealthDefaults },
): Omit<CheckParts, 'run'> {
  for (const key of Object.keys(options)) if (!KNOWN.includes(key)) throw healthCheckOptionUnknown({ where, key, known: KNOWN });
  const { name = usual, kind = 'readiness', timeoutMs = defaults.timeoutMs, cacheMs = defaults.cacheMs } = options;
  if (typeof name !== 'string' || name === '' || name.length > LONGEST_NAME || name === 'application') throw healthCheckName(where, name);
  if (!KINDS.includes(kind)) throw healthCheckOption({ where, key: 'kind', value: kind, allowed: KINDS.join(', ') });
  refuseOther({ where, key: 'timeoutMs', value: timeoutMs, minimum: 1 });
  refuseOther({ where, key: 'cacheMs', value: cacheMs, minimum: 0 });
  return { where, name, kind, timeoutMs, cacheMs };
}

function refuseOther({ where, key, value, minimum }: { where: string; key: string; value: unknown; minimum: number }): void {
  if (typeof value === 'number' && value >= minimum && value <= LONGEST_TIMEOUT_MS) return;
  throw healthCheckOption({ where, key, value, allowed: `milliseconds from ${minimum} to ${LONGEST_TIMEOUT_MS}` });
}
