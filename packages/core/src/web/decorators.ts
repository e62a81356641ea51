/** The decorators of controllers and of their routes. */
import { declareComponent } from '../components/declared-components.js';
import type { ConcreteClass, Scope } from '../components/definition.js';
import { requireCall } from '../decorators/decorator-use.js';
import { decoratorArgument, decoratorNotCalled } from '../decorators/errors.js';
import { declarePrefix } from './prefix.js';
import { declareRoute, declareStatusCode, type HttpVerb, type RouteOptions } from './route-metadata.js';

/** Options of `@Controller`. */
export interface ControllerOptions {
  /**
   * How long an instance lives. `request` creates one instance for each HTTP request.
   * @default 'singleton'
   */
  readonly scope?: Scope;
  /**
   * The component's name in metrics and errors.
   * @default the name of the class
   */
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
 * @param prefix the prefix of the path of every route; none by default.
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

/** Another name for `@Controller`. */
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
/** Serves HEAD requests with a separate method, instead of the HEAD route that `@Get` adds. */
export const Head = verbDecorator('HEAD');
/** Serves OPTIONS requests. */
export const Options = verbDecorator('OPTIONS');

/** Another name for `@Get`. */
export const GetMapping = Get;
/** Another name for `@Post`. */
export const PostMapping = Post;
/** Another name for `@Put`. */
export const PutMapping = Put;
/** Another name for `@Patch`. */
export const PatchMapping = Patch;
/** Another name for `@Delete`. */
export const DeleteMapping = Delete;

/**
 * Sets the status of successful responses. The default is 200, or 204 if the method returns nothing.
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
