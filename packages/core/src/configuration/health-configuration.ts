/** Reads the `health` namespace, and checks the rules that a schema cannot express. */
import type { Configuration } from './configuration.js';
import { invalidConfigurationValue } from './errors.js';
import { type HealthConfiguration, HealthSchema } from './schema.js';

// Only paths that every client sends unchanged: without encoded characters, patterns of the router, and dot segments, which clients resolve.
const PATH = /^(\/(?!\.{1,2}(\/|$))[\w.~-]+)+$/;
const PATH_KEYS = ['live_path', 'ready_path', 'startup_path'] as const;

/**
 * Returns the validated `health` namespace.
 * @throws TSK_ERR_CONFIGURATION_VALUE
 */
export function readHealthConfiguration(configuration: Configuration): HealthConfiguration {
  const health = configuration.namespace('health', HealthSchema);
  for (const [index, key] of PATH_KEYS.entries()) {
    const value = health[key];
    const refuse = (allowed: string, shown = false) =>
      invalidConfigurationValue({
        key: `health.${key}`,
        value,
        source: configuration.placeOf(`health.${key}`),
        allowed,
        shown,
      });
    if (!PATH.test(value))
      throw refuse('a path such as /health/live: a slash in front, none at the end, letters, digits and - . _ ~ between slashes');
    const other = PATH_KEYS.slice(0, index).find((before) => health[before] === value);
    if (other !== undefined) throw refuse(`another path than that of health.${other}`);
  }
  return health;
}
