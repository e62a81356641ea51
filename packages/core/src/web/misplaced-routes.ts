/** Finds route decorators on classes that are not controllers, and controllers without routes. */

import type { FastifyBaseLogger } from 'fastify';
import { membersDecoratedWithOtherCopy } from '../components/copies-of-core.js';
import { declaredComponents, isSuperseded } from '../components/declared-components.js';
import type { ComponentDefinition } from '../components/definition.js';
import { nameOf } from '../errors/wording.js';
import { routeNotOnController } from './route-errors.js';
import { classesWithRoutes, routeMethodsOf } from './route-metadata.js';

/**
 * Warns about controllers without routes, and about classes with routes that are not components.
 *
 * @throws TSK_ERR_WEB_ROUTE_NOT_ON_CONTROLLER for a component of another kind that has routes.
 */
export function checkMisplacedRoutes(components: readonly ComponentDefinition[], logger: FastifyBaseLogger): void {
  for (const { kind, type, name } of components) {
    if (type === undefined || kind === 'provider') continue;
    const [first] = routeMethodsOf(type);
    if (first !== undefined && kind !== 'controller') throw routeNotOnController({ component: type, kind, method: first.method });
    if (first === undefined && kind === 'controller' && membersDecoratedWithOtherCopy(type) === undefined) {
      logger.warn(
        `Controller ${name === '' ? nameOf(type) : name} has no routes: give its methods @Get(), @Post() or another route decorator.`,
      );
    }
  }
  warnOfUndeclared(logger);
}

// A base class without a decorator is correct if a declared class extends it.
function warnOfUndeclared(logger: FastifyBaseLogger): void {
  const declared = declaredComponents().map(({ target }) => target);
  for (const type of classesWithRoutes()) {
    const serves = isSuperseded(type) || declared.some((target) => target === type || target.prototype instanceof type);
    if (!serves)
      logger.warn(
        `${nameOf(type)} has routes, but is not a controller, so they are not served: put @Controller() on it, or on a class that extends it.`,
      );
  }
}
