/** Stores what route and parameter decorators declare, and applies inheritance. */
import type { RouteShorthandOptions } from 'fastify';
import { rememberDecorated } from '../components/decorated-members.js';
import type { Class } from '../components/definition.js';
import { isMethod } from '../decorators/decorator-use.js';
import { routeDecoratorMisplaced } from './route-errors.js';
import type { RequestSchema } from './standard-schema.js';

/** The HTTP methods that have a decorator. */
export type HttpVerb = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS';

type PassedOptions = Pick<
  RouteShorthandOptions,
  | 'bodyLimit'
  | 'config'
  | 'constraints'
  | 'errorHandler'
  | 'exposeHeadRoute'
  | 'handlerTimeout'
  | 'logLevel'
  | 'onError'
  | 'onRequest'
  | 'onRequestAbort'
  | 'onResponse'
  | 'onSend'
  | 'onTimeout'
  | 'preHandler'
  | 'preParsing'
  | 'preSerialization'
  | 'preValidation'
>;

/** The second argument of a route decorator: Fastify's route options. Use `schema` for `response`, `tags` and similar. */
export interface RouteOptions extends PassedOptions {
  readonly schema?: Readonly<Record<string, unknown>>;
}

/** One route, as its decorator declared it. */
export interface RouteDeclaration {
  readonly verb: HttpVerb;
  readonly path: string;
  readonly options: RouteOptions;
}

/** Where an argument comes from. */
export type ParameterSource = 'params' | 'querystring' | 'headers' | 'body' | 'request' | 'reply';

/** One decorated parameter of a route method. */
export interface ParameterDeclaration {
  readonly index: number;
  readonly source: ParameterSource;
  /** The name of one value of the source; undefined for all values. */
  readonly name?: string | undefined;
  readonly schema?: RequestSchema | undefined;
  readonly required?: boolean | undefined;
  readonly default?: unknown;
}

/** Everything that decorators declare for one method. */
export interface MethodDeclaration {
  readonly method: string;
  readonly routes: readonly RouteDeclaration[];
  readonly statusCode: number | undefined;
  readonly parameters: readonly ParameterDeclaration[];
  /** The class whose parameter decorators apply, and whose emitted parameter types are used. */
  readonly declaredBy: Class;
}

interface Draft {
  readonly routes: RouteDeclaration[];
  readonly parameters: ParameterDeclaration[];
  statusCode?: number;
}

// Process-wide like the list of declared components, and written only by decorators.
const drafts = new Map<object, Map<string, Draft>>();

// Decorators run from the last to the first, so each one is inserted at the front.
export function declareRoute(prototype: object, method: string | symbol, route: RouteDeclaration): void {
  draftOf(prototype, method, 'A route decorator').routes.unshift(route);
}

export function declareStatusCode(prototype: object, method: string | symbol, statusCode: number): void {
  draftOf(prototype, method, '@HttpCode').statusCode = statusCode;
}

export function declareParameter(prototype: object, method: string | symbol | undefined, parameter: ParameterDeclaration): void {
  draftOf(prototype, method, 'A parameter decorator for routes').parameters.unshift(parameter);
}

/**
 * Returns the methods of a class that have a route, those of base classes first.
 *
 * The decorators of an overriding method replace those of the base class separately for route, status and parameters. An override
 * without decorators keeps all of them.
 */
export function routeMethodsOf(type: Class): readonly MethodDeclaration[] {
  const merged = new Map<string, MethodDeclaration>();
  for (const prototype of prototypeChain(type.prototype)) {
    for (const [method, draft] of drafts.get(prototype) ?? []) {
      merged.set(method, mergeInto(merged.get(method), { method, draft, declaredBy: prototype.constructor as Class }));
    }
  }
  return [...merged.values()].filter((declaration) => declaration.routes.length > 0);
}

/** Every class whose own methods carry route decorators. */
export function classesWithRoutes(): readonly Class[] {
  const withRoutes = [...drafts].filter(([, methods]) => [...methods.values()].some(({ routes }) => routes.length > 0));
  return withRoutes.map(([prototype]) => prototype.constructor as Class);
}

function mergeInto(
  base: MethodDeclaration | undefined,
  { method, draft, declaredBy }: { method: string; draft: Draft; declaredBy: Class },
): MethodDeclaration {
  const ownParameters = base === undefined || draft.parameters.length > 0;
  return {
    method,
    routes: draft.routes.length > 0 ? draft.routes : (base?.routes ?? []),
    statusCode: draft.statusCode ?? base?.statusCode,
    parameters: ownParameters ? draft.parameters : base.parameters,
    declaredBy: ownParameters ? declaredBy : base.declaredBy,
  };
}

function prototypeChain(prototype: object): object[] {
  const chain: object[] = [];
  for (let current: object | null = prototype; current !== null; current = Object.getPrototypeOf(current)) chain.unshift(current);
  return chain;
}

function draftOf(prototype: object, method: string | symbol | undefined, decorator: string): Draft {
  if (typeof prototype === 'function' || typeof method !== 'string' || !isMethod(prototype, method))
    throw routeDecoratorMisplaced(prototype, method, decorator);
  rememberDecorated(prototype);
  const methods = drafts.get(prototype) ?? new Map<string, Draft>();
  drafts.set(prototype, methods);
  const draft: Draft = methods.get(method) ?? { routes: [], parameters: [] };
  methods.set(method, draft);
  return draft;
}
