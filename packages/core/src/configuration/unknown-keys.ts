/** Refuses keys that a namespace does not have. */
import type { TObject, TSchema } from 'typebox';
import { nearest } from '../errors/nearest.js';
import type { Configuration } from './configuration.js';
import { unknownKey } from './errors.js';

/**
 * Throws if a namespace has a key that its schema does not have, also in an object within it. By default, that is one warning. For namespaces of outside systems, where a misspelled
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
  refuse(configuration, { path: name, given: configuration.get(name), schema });
}

interface Level {
  /** Its key: `redis`, `opentelemetry.metrics`. */
  readonly path: string;
  readonly given: unknown;
  readonly schema: TSchema;
}

function refuse(configuration: Pick<Configuration, 'placeOf'>, { path: parent, given, schema }: Level): void {
  const properties = propertiesOf(schema);
  // Of a record, any key is known.
  if (properties === undefined || typeof given !== 'object' || given === null || Array.isArray(given)) return;
  const known = Object.keys(properties);
  for (const [key, value] of Object.entries(given)) {
    const path = `${parent}.${key}`;
    if (!known.includes(key))
      throw unknownKey({ namespace: parent, key: path, value, source: configuration.placeOf(path), meant: nearest(key, known), known });
    refuse(configuration, { path, given: value, schema: properties[key] as TSchema });
  }
}

function propertiesOf(schema: TSchema): Readonly<Record<string, TSchema>> | undefined {
  return 'properties' in schema ? (schema as TObject).properties : undefined;
}
