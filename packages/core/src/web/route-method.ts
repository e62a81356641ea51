/** Shows hooks, plugins and extensions, in a route's `config`, which method of which controller serves the route. */
import type { Class } from '../components/definition.js';

const SERVED_BY = Symbol('tsukimi.served-by');

/** A controller's method that serves a route. */
export interface RouteMethod {
  readonly controller: Class;
  readonly method: string;
}

/** What is added to the `config` of every controller's route. */
export function configOfMethod({ controller, method }: RouteMethod): object {
  return { [SERVED_BY]: { controller, method } };
}

/** The method that serves the route with this `config`; undefined for a route that is no controller's. */
export function routeMethodOf(config: object): RouteMethod | undefined {
  return (config as { readonly [SERVED_BY]?: RouteMethod })[SERVED_BY];
}
