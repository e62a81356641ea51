/** Plans the routes of a controller, and finds mistakes in them at start. */
import type { Class, ComponentDefinition } from '../components/definition.js';
import { planParameters, type RouteParameters } from './parameters.js';
import { fullPath, prefixOf } from './prefix.js';
import type { RouteIdentity } from './route-conflicts.js';
import { routeStatusInvalid } from './route-errors.js';
import { type MethodDeclaration, type RouteOptions, routeMethodsOf } from './route-metadata.js';

/** One route that is ready to be registered. */
export interface PlannedRoute extends RouteIdentity {
  /** The path as it was declared, without the controller's prefix. */
  readonly declaredPath: string;
  readonly options: RouteOptions;
  readonly statusCode: number | undefined;
  readonly takesReply: boolean;
  readonly parameters: RouteParameters;
}

/** A controller with its routes. */
export interface PlannedController {
  readonly definition: ComponentDefinition;
  readonly prefix: string;
  readonly routes: readonly PlannedRoute[];
}

/** @throws what `planParameters` throws, and TSK_ERR_WEB_ROUTE_STATUS. */
export function planController(definition: ComponentDefinition, controller: Class): PlannedController {
  const prefix = prefixOf(controller, definition.replaces);
  const routes = routeMethodsOf(controller).flatMap((declaration) => planMethod(controller, prefix, declaration));
  return { definition, prefix, routes };
}

function planMethod(controller: Class, prefix: string, declaration: MethodDeclaration): PlannedRoute[] {
  const { method, statusCode, routes, parameters } = declaration;
  if (statusCode !== undefined && !isSuccessOrLater(statusCode)) throw routeStatusInvalid({ controller, method, statusCode });
  return routes.map((route) => ({
    controller,
    method,
    verb: route.verb,
    path: fullPath(prefix, route.path),
    constraints: route.options.constraints,
    declaredPath: route.path,
    options: route.options,
    statusCode,
    takesReply: parameters.some(({ source }) => source === 'reply'),
    parameters: planParameters({ controller, prefix, route, declaration }),
  }));
}

function isSuccessOrLater(statusCode: number): boolean {
  return Number.isInteger(statusCode) && statusCode >= 200 && statusCode <= 599;
}
