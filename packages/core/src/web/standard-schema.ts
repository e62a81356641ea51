/** The part of the Standard Schema specification that Tsukimi uses. */

/** A problem that a Standard Schema found. */
export interface StandardIssue {
  readonly message: string;
  readonly path?: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }> | undefined;
}

/** The result of a Standard Schema: the (possibly transformed) value, or the problems. */
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

/** A JSON Schema (draft 7) as a plain object. TypeBox schemas are JSON Schemas. */
export type JsonSchema = object;

/** A schema that validates a part of a request. */
export type RequestSchema = StandardSchema | JsonSchema;

/** Whether a schema is a Standard Schema. Some of them are functions. */
export function isStandardSchema(value: unknown): value is StandardSchema {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || !('~standard' in value)) return false;
  const standard = value['~standard'];
  return typeof standard === 'object' && standard !== null && 'validate' in standard && typeof standard.validate === 'function';
}
