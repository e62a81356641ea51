/** Documents of unknown shape (JSON, YAML), read part by part. */

/** An object with keys, whatever their values are. */
export type Mapping = Readonly<Record<string, unknown>>;

/** The value where it is an object with keys; undefined if it is anything else, a list too. */
export function mappingOf(value: unknown): Mapping | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Mapping) : undefined;
}
