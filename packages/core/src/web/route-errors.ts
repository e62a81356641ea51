/** The errors of declaring routes. */
import type { Class, ComponentKind } from '../components/definition.js';
import { decoratorCompiledAsStandard, isStandardContext } from '../decorators/errors.js';
import { ApplicationError } from '../errors/application-error.js';
import { describeReceived } from '../errors/received.js';
import { messageOf, nameOf } from '../errors/wording.js';

interface RouteMethod {
  readonly controller: Class;
  readonly method: string;
}

interface RoutePlace extends RouteMethod {
  readonly verb: string;
  readonly path: string;
}

/** A route or parameter decorator is on a static or non-method member. */
export function routeDecoratorMisplaced(target: object, member: string | symbol | undefined, decorator: string): ApplicationError {
  if (isStandardContext(member)) return decoratorCompiledAsStandard(decorator, member);
  const name = typeof target === 'function' ? target.name : target.constructor.name;
  const place = member === undefined ? `the constructor of ${name}` : `${name}.${String(member)}`;
  return new ApplicationError(
    'TSK_ERR_DECORATOR_PLACE',
    `${decorator} is on ${place}. Put it on an instance method with a plain name, or on a parameter of such a method.`,
  );
}

/** Two routes that the router cannot tell apart. */
export function routeDuplicate(first: RoutePlace, second: RoutePlace): ApplicationError {
  const spelled = first.path === second.path ? '' : ` (there as ${second.path})`;
  return new ApplicationError(
    'TSK_ERR_WEB_ROUTE_DUPLICATE',
    `${first.verb} ${first.path} is served by ${routeMethod(first)} and again by ${routeMethod(second)}${spelled}. ` +
      'Change the path of one of them, or leave one of the two classes out of the application.',
  );
}

/** Fastify rejected a route. */
export function routeRefused({ verb, path, cause, ...place }: RoutePlace & { readonly cause: unknown }): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_WEB_ROUTE_REFUSED',
    `${verb} ${path} of ${routeMethod(place)} was not accepted by Fastify: ${messageOf(cause)}. ` +
      'Change the path, or remove the plugin that already serves it.',
    { cause },
  );
}

/** A component that is not a controller has routes. */
export function routeNotOnController(options: { component: Class; kind: ComponentKind; method: string }): ApplicationError {
  const { component, kind, method } = options;
  return new ApplicationError(
    'TSK_ERR_WEB_ROUTE_NOT_ON_CONTROLLER',
    `${nameOf(component)}.${method} has a route decorator, but ${nameOf(component)} is declared as ${kind}. Declare it with @Controller().`,
  );
}

/** The argument of `@HttpCode` is not a valid status. */
export function routeStatusInvalid({ statusCode, ...place }: RouteMethod & { readonly statusCode: unknown }): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_WEB_ROUTE_STATUS',
    `@HttpCode(${describeReceived(statusCode, { isPlain: true })}) on ${routeMethod(place)} is not a valid status. Use an integer from 200 to 599.`,
  );
}

/** A schema of a route cannot be compiled. */
export function routeSchemaInvalid({
  part,
  cause,
  ...place
}: RouteMethod & { readonly part: string; readonly cause: unknown }): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_WEB_ROUTE_SCHEMA',
    `The ${part} schema of ${routeMethod(place)} cannot be used: ${messageOf(cause)}. ` +
      'Pass a JSON Schema (draft 7), a TypeBox schema or a Standard Schema.',
    { cause },
  );
}

/** A parameter of a route method has no decorator, so it would always be undefined. */
export function parameterWithoutDecorator({ index, ...place }: RouteMethod & { readonly index: number }): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_WEB_ROUTE_PARAMETER_UNDECORATED',
    `Parameter ${index} of ${routeMethod(place)} has no decorator that says where its value comes from. ` +
      'Put @Param(), @Query(), @Header(), @Body(), @Req() or @Reply() on it.',
  );
}

/** A parameter of a route method has two sources. */
export function parameterDeclaredTwice({ index, ...place }: RouteMethod & { readonly index: number }): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_WEB_ROUTE_PARAMETER_TWICE',
    `Parameter ${index} of ${routeMethod(place)} has two decorators that say where its value comes from. Keep one of them.`,
  );
}

/** Text cannot be converted to the declared type of a parameter. */
export function parameterTypeUnknown(options: RouteMethod & { readonly name: string; readonly type: unknown }): ApplicationError {
  const { name, type } = options;
  return new ApplicationError(
    'TSK_ERR_WEB_ROUTE_PARAMETER_TYPE',
    `Parameter ${name} of ${routeMethod(options)} is declared as ${nameOf(type)}, and text cannot be converted to that type. ` +
      'Declare it as string, number, boolean, bigint, Date or an array, or pass a schema to its decorator.',
  );
}

/** The compiler emits no type for a parameter, so the parameter would get text, even if the method expects another type. */
export function parameterTypeUntold(options: RouteMethod & { readonly name: string; readonly decorator: string }): ApplicationError {
  const { name, decorator } = options;
  return new ApplicationError(
    'TSK_ERR_WEB_ROUTE_PARAMETER_TYPE',
    `Parameter ${name} of ${routeMethod(options)} would receive text, because the compiler emits no type for a union (including with undefined or ` +
      `null), an interface, or a type inferred from a default value. Declare the type alone, such as "limit: number = 5" or "limit?: number", ` +
      `or pass a schema: ${decorator}('${name}', Type.Integer()) for a number, Type.String() for text.`,
  );
}

/** A parameter gets all values of a part of the request, but its type is that of a single value. */
export function parameterWithoutName(
  options: RouteMethod & { readonly index: number; readonly decorator: string; readonly type: unknown },
): ApplicationError {
  const { index, decorator, type } = options;
  return new ApplicationError(
    'TSK_ERR_WEB_ROUTE_PARAMETER_TYPE',
    `Parameter ${index} of ${routeMethod(options)} is declared as ${nameOf(type)}, but ${decorator}() without a name passes all values as an object. ` +
      `Name the value: ${decorator}('id').`,
  );
}

/** `@Param` names a parameter that the path does not have. */
export function pathParameterUnknown(options: RoutePlace & { readonly name: string; readonly known: readonly string[] }): ApplicationError {
  const { name, known, path } = options;
  const has = known.length === 0 ? 'has no parameters' : `has ${known.join(', ')}`;
  return new ApplicationError(
    'TSK_ERR_WEB_ROUTE_PARAMETER_UNKNOWN',
    `@Param('${name}') of ${routeMethod(options)} names nothing in ${path}, which ${has}. Write :${name} in the path, or change the name.`,
  );
}

/** `@Body` is on a route whose requests have no body. */
export function routeBodyNotRead({ verb, path, ...place }: RoutePlace): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_WEB_ROUTE_BODY',
    `${routeMethod(place)} has a @Body parameter, but serves ${verb} ${path}, and Fastify never reads the body of a ${verb} request. ` +
      'Use @Post(), @Put() or @Patch(), or read the value with @Query().',
  );
}

function routeMethod({ controller, method }: RouteMethod): string {
  return `${nameOf(controller)}.${method}`;
}
