/** The names of environment variables. */

/** What every variable of the framework starts with. */
export const ENVIRONMENT_PREFIX = 'TSUKIMI_';

/** The variable for a key: `metrics.allowed_ips` is `TSUKIMI_METRICS_ALLOWED_IPS`. */
export function environmentName(key: string): string {
  return ENVIRONMENT_PREFIX + key.replace(/[.-]/g, '_').toUpperCase();
}
