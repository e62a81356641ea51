/** Finds routes that the router could not tell apart. */
import { inspect } from 'node:util';
import type { Class } from '../components/definition.js';
import { routeDuplicate } from './errors.js';

/** A route as far as its conflicts go. */
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

// An optional parameter makes two routes of one path: `/:id?` is `/:id` and `/`.
function shapesOf(path: string): string[] {
  const [, without] = /^(.*)\/:[^/]*\?$/.exec(path) ?? [];
  return without === undefined ? [shapeOf(path)] : [shapeOf(path.slice(0, -1)), shapeOf(without === '' ? '/' : without)];
}

// `/:id` and `/:userId` are one route to the router; `/:id(^\d+$)` and `/:id` are two.
function shapeOf(path: string): string {
  return path.replace(/(?<!:):[^/.\-(?:]+/g, ':').replace(/(?<=.)\/$/, '');
}
