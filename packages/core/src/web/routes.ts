/** Registers the routes of an application's controllers with Fastify. */

import type { FastifyBaseLogger, FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { ComponentDefinition } from '../components/definition.js';
import { isApplicationError } from '../errors/application-error.js';
import { nameOf } from '../errors/wording.js';
import { acceptEmptyJson, CONFIG_WITHOUT_BODY } from './empty-body.js';
import { type HandlerParts, routeHandler } from './handler.js';
import { checkMisplacedRoutes } from './misplaced-routes.js';
import { routePath } from './prefix.js';
import { checkConflicts } from './route-conflicts.js';
import { routeRefused } from './route-errors.js';
import { configOfMethod } from './route-method.js';
import { type PlannedRoute, planController } from './route-plan.js';
import { type ValidationCompiler, validationCompiler } from './route-validation.js';
import { standardValidation, VALIDATED } from './standard-checks.js';

/** Returns the instance that serves a request; without a request, the singleton. */
export type InstanceFor = (definition: ComponentDefinition, request?: FastifyRequest, reply?: FastifyReply) => object;

/** The input of `registerRoutes`. */
export interface RouteRegistration {
  readonly fastify: FastifyInstance;
  /** The components of the application; those of kind `controller` have routes. */
  readonly components: readonly ComponentDefinition[];
  /** Called once, immediately, for a singleton. For other scopes, called for each request, with the request and its reply. */
  readonly instanceFor: InstanceFor;
}

/**
 * Registers all routes, each below its controller's prefix.
 *
 * A controller's `/` is served at the prefix with and without a trailing slash; the route template is the one without.
 * Mistakes in the declarations are thrown immediately. Mistakes that only Fastify finds (a schema, a route that a plugin has registered already)
 * make `fastify.ready()` reject.
 *
 * @throws TSK_ERR_WEB_ROUTE_* naming class and method.
 */
export function registerRoutes({ fastify, components, instanceFor }: RouteRegistration): void {
  checkMisplacedRoutes(components, fastify.log);
  const controllers = components.flatMap((definition) =>
    definition.kind === 'controller' && definition.type !== undefined ? [planController(definition, definition.type)] : [],
  );
  const routes = controllers.flatMap((controller) => controller.routes);
  for (const route of routes) warnOfUntold(route, fastify.log);
  checkConflicts(routes);
  const heads = new Set(routes.filter(({ verb }) => verb === 'HEAD').map(({ path }) => path));
  const validation = validationCompiler(fastify);
  for (const controller of controllers) {
    const instanceOf = instanceSource(controller.definition, instanceFor);
    const routesOfController: FastifyPluginAsync = async (scope) => {
      if (controller.routes.some(({ parameters }) => parameters.checks.length > 0)) scope.decorateRequest(VALIDATED, null);
      acceptEmptyJson(scope);
      for (const route of controller.routes)
        registerRoute(scope, route, { definition: controller.definition, instanceOf, validation, heads });
    };
    fastify.register(routesOfController, { prefix: controller.prefix });
  }
}

function warnOfUntold({ controller, method, parameters: { untold } }: PlannedRoute, logger: FastifyBaseLogger): void {
  if (untold.length === 0) return;
  logger.warn(
    `${nameOf(controller)}.${method}: ${untold.join(', ')}, because the compiler emits no type. If the method expects another type, ` +
      "pass a schema: @Query('id', Type.Array(Type.Integer())). If it expects text, Type.Array(Type.String()) or Type.String() removes this warning.",
  );
}

interface RouteContext {
  readonly definition: ComponentDefinition;
  readonly instanceOf: HandlerParts['instanceOf'];
  readonly validation: ValidationCompiler;
  /** Paths with a separate HEAD route. */
  readonly heads: ReadonlySet<string>;
}

function registerRoute(scope: FastifyInstance, route: PlannedRoute, context: RouteContext): void {
  const { controller, method, verb, parameters, statusCode, takesReply, options, path } = route;
  const where = `${nameOf(controller)}.${method}`;
  const { extractors, checks } = parameters;
  const validation = context.validation(route);
  // A singleton lives longer than the reply, so the reply can't have been injected into it.
  const seesReply = takesReply || context.definition.scope !== 'singleton';
  try {
    scope.route({
      ...options,
      ...validation,
      ...(checks.length > 0 && { preValidation: [...listOf(options.preValidation), standardValidation(checks)] }),
      ...(verb === 'GET' && context.heads.has(path) && { exposeHeadRoute: false }),
      config: { ...options.config, ...configOfMethod({ controller, method }), ...(!takesBody(route) && CONFIG_WITHOUT_BODY) },
      method: verb,
      url: urlOf(route),
      handler: routeHandler({ where, method, extractors, statusCode, takesReply, seesReply, instanceOf: context.instanceOf }),
    });
  } catch (cause) {
    // It says which of the two to move.
    if (isApplicationError(cause) && cause.code === 'TSK_ERR_HEALTH_PATH_TAKEN') throw cause;
    throw routeRefused({ controller, method, verb, path, cause });
  }
}

// A body schema in the options of the route requires a body, too.
function takesBody({ parameters, options }: PlannedRoute): boolean {
  return parameters.needsBody || options.schema?.['body'] !== undefined;
}

// Fastify serves `/` below a prefix with and without the slash, but for HEAD only with the slash.
function urlOf({ verb, declaredPath, path }: PlannedRoute): string {
  const url = routePath(declaredPath);
  return verb === 'HEAD' && url === '/' && path !== '/' ? '' : url;
}

function instanceSource(definition: ComponentDefinition, instanceFor: InstanceFor): HandlerParts['instanceOf'] {
  if (definition.scope !== 'singleton') return (request, reply) => instanceFor(definition, request, reply);
  const instance = instanceFor(definition);
  return () => instance;
}

function listOf<T>(value: T | T[] | undefined): T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
