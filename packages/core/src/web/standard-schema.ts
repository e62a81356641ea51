/** The part of the Standard Schema specification that is used: a schema of any library that implements it. */

/** A problem that a Standard Schema found. */
export interface StandardIssue {
  readonly message: string;
  readonly path?: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }> | undefined;
}

/** What a Standard Schema says of a value: the (possibly transformed) value, or the problems. */
export type StandardResult<Output = unknown> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

/**
 * A schema of zod, valibot, arktype or any other library that implements Standard Schema, version 1.
 *
 * @see https://standardschema.dev
 */
export interface StandardSchema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
  };
}

/** A JSON Schema (draft 7) as a plain object; what TypeBox makes is one. */
export type JsonSchema = object;

/** What a request part is validated by. */
export type RequestSchema = StandardSchema | JsonSchema;

/** True for a schema that validates itself; some are functions. */
export function isStandardSchema(value: unknown): value is StandardSchema {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || !('~standard' in value)) return false;
  const standard = value['~standard'];
  return typeof standard === 'object' && standard !== null && 'validate' in standard && typeof standard.validate === 'function';
}
