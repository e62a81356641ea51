/** The names of environment variables. */

/** What every variable of the framework starts with. */
export const ENVIRONMENT_PREFIX = 'TSUKIMI_';

/** Returns the variable of a key: `TSUKIMI_METRICS_ALLOWED_IPS` for `metrics.allowed_ips`. */
export function environmentName(key: string): string {
  return ENVIRONMENT_PREFIX + key.replace(/[.-]/g, '_').toUpperCase();
}
