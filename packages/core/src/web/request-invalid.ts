/** The 400 for an invalid request: the field, and what is wrong with it. */
import type { FastifySchemaValidationError } from 'fastify';
import { REQUEST_INVALID } from './errors.js';
import { BadRequestError } from './http-error.js';
import type { StandardIssue } from './standard-schema.js';

/** The part of a request that was validated. */
export type RequestPart = 'params' | 'querystring' | 'headers' | 'body';

/** One problem of a request. */
export interface FieldError {
  readonly in: RequestPart;
  /** The field's path with dots, such as `items.0.price`; `''` for the part as a whole. */
  readonly field: string;
  readonly message: string;
}

/**
 * The error for an invalid request. The response has status 400, code `TSK_ERR_WEB_REQUEST_INVALID`, `field` and `errors`.
 *
 * The message is Fastify's: `params/userId must be number`.
 */
export class RequestInvalidError extends BadRequestError {
  readonly errors: readonly FieldError[];

  constructor(message: string, errors: readonly FieldError[]) {
    super(message, { code: REQUEST_INVALID });
    this.errors = errors;
  }

  override toJSON(): Readonly<Record<string, unknown>> {
    return { ...super.toJSON(), field: this.errors[0]?.field ?? '', errors: this.errors };
  }
}

/** Fastify's `schemaErrorFormatter`: creates the error for problems that Ajv found. */
export function invalidBySchema(problems: readonly FastifySchemaValidationError[], part: string): RequestInvalidError {
  const message = problems.map(({ instancePath, message }) => `${part}${instancePath} ${message}`).join(', ');
  return new RequestInvalidError(
    message,
    problems.map((problem) => ({ in: part as RequestPart, field: fieldOf(problem), message: problem.message ?? '' })),
  );
}

/** Creates the error for problems that a Standard Schema found in a part, or in a named value of it. */
export function invalidByStandard(issues: readonly StandardIssue[], part: RequestPart, name?: string): RequestInvalidError {
  const errors = issues.map((issue) => ({ in: part, field: pathOf(issue, name).join('.'), message: issue.message }));
  const message = issues.map((issue) => `${[part, ...pathOf(issue, name)].join('/')} ${issue.message}`).join(', ');
  return new RequestInvalidError(message, errors);
}

/** Creates the error for a missing named value. */
export function missingValue(part: RequestPart, name: string): RequestInvalidError {
  const message = `must have required property '${name}'`;
  return new RequestInvalidError(`${part} ${message}`, [{ in: part, field: name, message }]);
}

function pathOf({ path = [] }: StandardIssue, name: string | undefined): string[] {
  const keys = path.map((segment) => String(typeof segment === 'object' ? segment.key : segment));
  return name === undefined ? keys : [name, ...keys];
}

// Name the missing or unexpected property, not its object.
function fieldOf({ instancePath, params }: FastifySchemaValidationError): string {
  const keys = instancePath.split('/').slice(1).map(unescapePointer);
  const { missingProperty, additionalProperty } = params;
  const named = missingProperty ?? additionalProperty;
  if (typeof named === 'string') keys.push(named);
  return keys.join('.');
}

function unescapePointer(segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~');
}
