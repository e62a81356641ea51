/** Plans the parameters of a route method: the schemas for Fastify's validation, and the extractor of each argument. */
import 'reflect-metadata';
import type { Class } from '../components/definition.js';
import { type DeclaredType, declaredType } from './declared-type.js';
import { type Extractor, extractor, nothing, validatedExtractor } from './extractors.js';
import { fullPath } from './prefix.js';
import type { RequestPart } from './request-invalid.js';
import {
  parameterDeclaredTwice,
  parameterTypeUnknown,
  parameterTypeUntold,
  parameterWithoutDecorator,
  parameterWithoutName,
  pathParameterUnknown,
  routeBodyNotRead,
} from './route-errors.js';
import type { MethodDeclaration, ParameterDeclaration, ParameterSource, RouteDeclaration } from './route-metadata.js';
import type { StandardCheck } from './standard-checks.js';
import { isStandardSchema } from './standard-schema.js';

/** One route of one controller class, before it is planned. */
export interface RouteSource {
  readonly controller: Class;
  readonly prefix: string;
  readonly route: RouteDeclaration;
  readonly declaration: MethodDeclaration;
}

/** The plan for the parameters of one route. */
export interface RouteParameters {
  /** JSON Schemas by request part. */
  readonly schema: Partial<Record<RequestPart, object>>;
  readonly checks: readonly StandardCheck[];
  readonly extractors: readonly Extractor[];
  /** False if the method takes no body, or only optional fields of it. */
  readonly needsBody: boolean;
  /** Descriptions, for the log, of parameters that may get text instead of numbers. */
  readonly untold: readonly string[];
}

interface PartDraft {
  readonly wholes: object[];
  readonly properties: Record<string, object>;
  readonly required: string[];
}

interface Draft {
  readonly source: RouteSource;
  readonly optionalNames: ReadonlyMap<string, boolean>;
  readonly parts: Map<RequestPart, PartDraft>;
  readonly checks: StandardCheck[];
  readonly extractors: Extractor[];
  readonly untold: string[];
}

/**
 * Decides, once per route, how its arguments are validated and extracted.
 *
 * @throws TSK_ERR_WEB_ROUTE_PARAMETER_UNDECORATED, _TWICE, _TYPE, _UNKNOWN and TSK_ERR_WEB_ROUTE_BODY, naming class and method.
 */
export function planParameters(source: RouteSource): RouteParameters {
  const { controller, declaration } = source;
  const { declaredBy, method, parameters } = declaration;
  const types: readonly unknown[] | undefined = Reflect.getMetadata('design:paramtypes', declaredBy.prototype, method);
  const draft = emptyDraft(source);
  for (const parameter of parameters) {
    if (draft.extractors[parameter.index] !== undefined) throw parameterDeclaredTwice({ controller, method, index: parameter.index });
    draft.extractors[parameter.index] = planParameter(parameter, types?.[parameter.index], draft);
  }
  fillGaps(draft);
  const { parts, checks, extractors, untold } = draft;
  const needsBody = parameters.some((parameter) => parameter.source === 'body' && needsIt(parameter, draft));
  return { schema: partSchemas(parts), checks, extractors, needsBody, untold };
}

function emptyDraft(source: RouteSource): Draft {
  const optionalNames = pathParameters(fullPath(source.prefix, source.route.path));
  return { source, optionalNames, parts: new Map(), checks: [], extractors: [], untold: [] };
}

function planParameter(parameter: ParameterDeclaration, type: unknown, draft: Draft): Extractor {
  const { source, schema, name } = parameter;
  if (source === 'request' || source === 'reply') return extractor(parameter);
  checkPlace(parameter, draft);
  if (isStandardSchema(schema)) {
    draft.checks.push({ index: parameter.index, part: source, name, schema, required: parameter.required, default: parameter.default });
    return validatedExtractor(parameter.index);
  }
  const part = partOf(draft, source);
  if (name === undefined) {
    if (schema !== undefined) part.wholes.push(schema);
    else if (source !== 'body') checkWhole(parameter, type, draft);
    return extractor(parameter);
  }
  if (source === 'body' && schema === undefined && parameter.required !== true) return extractor(parameter);
  const declared = schema === undefined ? typeOf(parameter, type, draft) : { schema };
  part.properties[name] = declared.schema;
  if (isRequired(parameter, draft)) part.required.push(name);
  return extractor(parameter, declared.convert);
}

function checkPlace(
  { source, name }: ParameterDeclaration,
  { source: { controller, prefix, route, declaration }, optionalNames }: Draft,
): void {
  const place = { controller, method: declaration.method, verb: route.verb, path: fullPath(prefix, route.path) };
  if (source === 'body' && (route.verb === 'GET' || route.verb === 'HEAD')) throw routeBodyNotRead(place);
  if (source === 'params' && name !== undefined && !optionalNames.has(name)) {
    throw pathParameterUnknown({ ...place, name, known: [...optionalNames.keys()] });
  }
}

function typeOf(parameter: ParameterDeclaration, type: unknown, draft: Draft): DeclaredType {
  const { name = '', source } = parameter;
  // Values of bodies are not converted, because JSON has types.
  if (source === 'body') return { schema: {} };
  const { controller, declaration } = draft.source;
  const place = { controller, method: declaration.method, name };
  // The compiler emits Object for `number | undefined`, an interface, and `limit = 5`.
  if (type === Object) throw parameterTypeUntold({ ...place, decorator: DECORATORS[source] });
  if (type === Array) draft.untold.push(`the items of ${name} are text`);
  if (type === undefined) draft.untold.push(`${name} is text`);
  const declared = declaredType(type);
  if (declared === undefined) throw parameterTypeUnknown({ ...place, type });
  return declared;
}

// All values of a part are an object, so a parameter of type number here probably lacks a name.
function checkWhole({ source, index }: ParameterDeclaration, type: unknown, { source: { controller, declaration } }: Draft): void {
  if (type === undefined || type === Object || declaredType(type) === undefined) return;
  throw parameterWithoutName({ controller, method: declaration.method, index, decorator: DECORATORS[source], type });
}

const DECORATORS: Readonly<Record<ParameterSource, string>> = {
  params: '@Param',
  querystring: '@Query',
  headers: '@Header',
  body: '@Body',
  request: '@Req',
  reply: '@Reply',
};

// A Standard Schema decides itself how to handle a missing field.
function needsIt(parameter: ParameterDeclaration, draft: Draft): boolean {
  const { name, schema, required } = parameter;
  if (name === undefined || required === true) return true;
  return schema !== undefined && !isStandardSchema(schema) && isRequired(parameter, draft);
}

// A field of the body with a schema is required by default; query values and headers are optional by default.
function isRequired({ source, name, required, default: fallback }: ParameterDeclaration, { optionalNames }: Draft): boolean {
  if (source === 'params') return optionalNames.get(name ?? '') !== true;
  return required ?? (source === 'body' && fallback === undefined);
}

function partOf({ parts }: Draft, part: RequestPart): PartDraft {
  const existing = parts.get(part);
  if (existing !== undefined) return existing;
  const added: PartDraft = { wholes: [], properties: {}, required: [] };
  parts.set(part, added);
  return added;
}

function partSchemas(parts: ReadonlyMap<RequestPart, PartDraft>): Partial<Record<RequestPart, object>> {
  const schemas: Partial<Record<RequestPart, object>> = {};
  for (const [part, { wholes, properties, required }] of parts) {
    const named = Object.keys(properties).length === 0 ? [] : [{ type: 'object', properties, required }];
    const all = [...wholes, ...named];
    const [first] = all;
    if (first !== undefined) schemas[part] = all.length === 1 ? first : { type: 'object', allOf: all };
  }
  return schemas;
}

// A parameter without a decorator would always be undefined, so it must have a default value.
function fillGaps({ source: { controller, declaration }, extractors }: Draft): void {
  const { method } = declaration;
  const count = Math.max(extractors.length, (controller.prototype[method] as () => unknown).length);
  for (let index = 0; index < count; index++) {
    if (extractors[index] !== undefined) continue;
    if (index < (controller.prototype[method] as () => unknown).length) throw parameterWithoutDecorator({ controller, method, index });
    extractors[index] = nothing;
  }
}

// Names end where find-my-way ends them: at a slash, a dash, a dot or a pattern in parentheses. `::` is a literal colon.
function pathParameters(path: string): Map<string, boolean> {
  const names = new Map<string, boolean>();
  for (const [, name = '', , optional] of path.replaceAll('::', '').matchAll(/:([^/.\-(?]+)(\([^/]*\))?(\?)?/g)) {
    names.set(name, optional !== undefined);
  }
  if (path.includes('*')) names.set('*', false);
  return names;
}
