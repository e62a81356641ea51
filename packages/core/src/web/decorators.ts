/** The decorators of controllers and of their routes. */
import { declareComponent } from '../components/declared-components.js';
import type { ConcreteClass, Scope } from '../components/definition.js';
import { requireCall } from '../decorators/decorator-use.js';
import { decoratorArgument, decoratorNotCalled } from '../decorators/errors.js';
import { declarePrefix } from './prefix.js';
import { declareRoute, declareStatusCode, type HttpVerb, type RouteOptions } from './route-metadata.js';

/** Options of `@Controller`. */
export interface ControllerOptions {
  /** `singleton` unless given; `request` makes an instance for each HTTP request. */
  readonly scope?: Scope;
  /** The component's name in metrics and errors; the class's name unless given. */
  readonly name?: string;
}

/** A decorator of a method. */
export type RouteDecorator = <T extends (...parameters: never[]) => unknown>(
  target: object,
  method: string,
  descriptor: TypedPropertyDescriptor<T>,
) => void;

/**
 * Makes a class a component whose decorated methods answer HTTP requests.
 *
 * @param prefix goes in front of the path of every route; `''` for none.
 */
export function Controller(prefix = '', options: ControllerOptions = {}): (target: ConcreteClass) => void {
  const given: unknown = prefix;
  if (typeof given === 'function') throw decoratorNotCalled('@Controller', given);
  if (typeof given !== 'string') throw decoratorArgument('@Controller', given, "Write @Controller('/path', { scope: 'request' }).");
  return (target) => {
    declarePrefix(target, prefix);
    declareComponent(target, { kind: 'controller', ...options });
  };
}

/** Another name of `@Controller`. */
export const RestController = Controller;

/** Serves GET requests, and HEAD requests with the same headers and no body. */
export const Get = verbDecorator('GET');
/** Serves POST requests. */
export const Post = verbDecorator('POST');
/** Serves PUT requests. */
export const Put = verbDecorator('PUT');
/** Serves PATCH requests. */
export const Patch = verbDecorator('PATCH');
/** Serves DELETE requests. */
export const Delete = verbDecorator('DELETE');
/** Serves HEAD requests by a method of their own, in place of the one that `@Get` brings. */
export const Head = verbDecorator('HEAD');
/** Serves OPTIONS requests. */
export const Options = verbDecorator('OPTIONS');

/** Another name of `@Get`. */
export const GetMapping = Get;
/** Another name of `@Post`. */
export const PostMapping = Post;
/** Another name of `@Put`. */
export const PutMapping = Put;
/** Another name of `@Patch`. */
export const PatchMapping = Patch;
/** Another name of `@Delete`. */
export const DeleteMapping = Delete;

/**
 * The status of a successful answer, in place of 200, or of 204 where the method returns nothing.
 *
 * @param statusCode an integer from 200 to 599; checked at start (`TSK_ERR_WEB_ROUTE_STATUS`).
 */
export function HttpCode(statusCode: number): RouteDecorator;
export function HttpCode(...given: readonly [number, ...unknown[]]): RouteDecorator {
  requireCall('@HttpCode', given);
  const [statusCode] = given;
  return (target, method) => declareStatusCode(target, method, statusCode);
}

function verbDecorator(verb: HttpVerb): (path?: string, options?: RouteOptions) => RouteDecorator {
  const decorator = `@${decoratorName(verb)}`;
  return (path = '/', options = {}) => {
    requireCall(decorator, [path, options]);
    if (typeof path !== 'string') throw decoratorArgument(decorator, path, `Pass one path; add another ${decorator} for another path.`);
    return (target, method) => declareRoute(target, method, { verb, path, options });
  };
}

function decoratorName(verb: HttpVerb): string {
  return `${verb.charAt(0)}${verb.slice(1).toLowerCase()}`;
}
