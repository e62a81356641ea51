/** Stores the controller and the method of a route in its `config`, for hooks, plugins and extensions. */
import type { Class } from '../components/definition.js';

const SERVED_BY = Symbol('tsukimi.served-by');

/** A controller's method that serves a route. */
export interface RouteMethod {
  readonly controller: Class;
  readonly method: string;
}

/** The addition to the `config` of every controller route. */
export function configOfMethod({ controller, method }: RouteMethod): object {
  return { [SERVED_BY]: { controller, method } };
}

/** Returns the method that serves the route with this `config`; undefined if the route does not belong to a controller. */
export function routeMethodOf(config: object): RouteMethod | undefined {
  return (config as { readonly [SERVED_BY]?: RouteMethod })[SERVED_BY];
}
