/** Finds routes that the router could not distinguish. */
import { inspect } from 'node:util';
import type { Class } from '../components/definition.js';
import { routeDuplicate } from './route-errors.js';

/** The properties of a route that matter for conflicts. */
export interface RouteIdentity {
  readonly controller: Class;
  readonly method: string;
  readonly verb: string;
  readonly path: string;
  readonly constraints: unknown;
}

/** @throws TSK_ERR_WEB_ROUTE_DUPLICATE naming both classes and methods. */
export function checkConflicts(routes: readonly RouteIdentity[]): void {
  const seen = new Map<string, RouteIdentity>();
  for (const route of routes) {
    for (const shape of shapesOf(route.path)) {
      const key = `${route.verb} ${shape} ${inspect(route.constraints)}`;
      const other = seen.get(key);
      if (other !== undefined) throw routeDuplicate(other, route);
      seen.set(key, route);
    }
  }
}

// A path with an optional parameter is two routes: `/:id?` is `/:id` and `/`.
function shapesOf(path: string): string[] {
  const [, without] = /^(.*)\/:[^/]*\?$/.exec(path) ?? [];
  return without === undefined ? [shapeOf(path)] : [shapeOf(path.slice(0, -1)), shapeOf(without === '' ? '/' : without)];
}

// For the router, `/:id` and `/:userId` are the same route, but `/:id(^\d+$)` and `/:id` are not.
function shapeOf(path: string): string {
  return path.replace(/(?<!:):[^/.\-(?:]+/g, ':').replace(/(?<=.)\/$/, '');
}
