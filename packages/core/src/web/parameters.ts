/** What the parameters of a route method mean for its route: the schemas Fastify validates by, and the way to each argument. */
import 'reflect-metadata';
import type { Class } from '../components/definition.js';
import { type DeclaredType, declaredType } from './declared-type.js';
import {
  parameterDeclaredTwice,
  parameterTypeUnknown,
  parameterTypeUntold,
  parameterWithoutDecorator,
  parameterWithoutName,
  pathParameterUnknown,
  routeBodyNotRead,
} from './errors.js';
import { type Extractor, extractor, nothing, validatedExtractor } from './extractors.js';
import { fullPath } from './prefix.js';
import type { RequestPart } from './request-invalid.js';
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

/** What becomes of the parameters of one route. */
export interface RouteParameters {
  /** JSON Schemas by request part. */
  readonly schema: Partial<Record<RequestPart, object>>;
  readonly checks: readonly StandardCheck[];
  readonly extractors: readonly Extractor[];
  /** False where the method takes no body, or only fields of it that may be missing. */
  readonly needsBody: boolean;
  /** What may get text where numbers are meant, in words for the log. */
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
 * Decides, once per route, how its arguments are validated and taken.
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
  // Bodies are not converted: a number in JSON is one.
  if (source === 'body') return { schema: {} };
  const { controller, declaration } = draft.source;
  const place = { controller, method: declaration.method, name };
  // What the compiler writes for what it can't name: `number | undefined`, an interface, `limit = 5`.
  if (type === Object) throw parameterTypeUntold({ ...place, decorator: DECORATORS[source] });
  if (type === Array) draft.untold.push(`the items of ${name} are text`);
  if (type === undefined) draft.untold.push(`${name} is text`);
  const declared = declaredType(type);
  if (declared === undefined) throw parameterTypeUnknown({ ...place, type });
  return declared;
}

// All values of a part are an object: who declares a number there has forgotten the name.
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

// A Standard Schema decides by itself what becomes of a field that is missing.
function needsIt(parameter: ParameterDeclaration, draft: Draft): boolean {
  const { name, schema, required } = parameter;
  if (name === undefined || required === true) return true;
  return schema !== undefined && !isStandardSchema(schema) && isRequired(parameter, draft);
}

// A field of the body that has a schema is there for a reason; query values and headers are extras until said otherwise.
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

// What has no decorator would always be undefined; only a parameter with a default value may want that.
function fillGaps({ source: { controller, declaration }, extractors }: Draft): void {
  const { method } = declaration;
  const count = Math.max(extractors.length, (controller.prototype[method] as () => unknown).length);
  for (let index = 0; index < count; index++) {
    if (extractors[index] !== undefined) continue;
    if (index < (controller.prototype[method] as () => unknown).length) throw parameterWithoutDecorator({ controller, method, index });
    extractors[index] = nothing;
  }
}

// Names as find-my-way reads them: up to a slash, a dash, a dot or a pattern in parentheses; `::` is a literal colon.
function pathParameters(path: string): Map<string, boolean> {
  const names = new Map<string, boolean>();
  for (const [, name = '', , optional] of path.replaceAll('::', '').matchAll(/:([^/.\-(?]+)(\([^/]*\))?(\?)?/g)) {
    names.set(name, optional !== undefined);
  }
  if (path.includes('*')) names.set('*', false);
  return names;
}
