/** Refuses keys that a namespace does not have. */
import type { TObject } from 'typebox';
import { nearest } from '../errors/nearest.js';
import type { Configuration } from './configuration.js';
import { unknownKey } from './errors.js';

/**
 * Throws if a namespace has a key that its schema does not have. By default, that is one warning. For namespaces of outside systems, where a misspelled
 * key would mean another host, or no password.
 * @param configuration the application's configuration
 * @param namespace.name such as `redis`
 * @param namespace.schema the schema of the whole namespace
 * @throws TSK_ERR_CONFIGURATION_VALUE with the key, its source and the nearest known key
 */
export function refuseUnknownKeys(
  configuration: Pick<Configuration, 'get' | 'placeOf'>,
  { name, schema }: { readonly name: string; readonly schema: TObject },
): void {
  const given = configuration.get(name);
  if (typeof given !== 'object' || given === null) return;
  const known = Object.keys(schema.properties);
  for (const [key, value] of Object.entries(given)) {
    if (known.includes(key)) continue;
    const path = `${name}.${key}`;
    throw unknownKey({ namespace: name, key: path, value, source: configuration.placeOf(path), meant: nearest(key, known), known });
  }
}
