/** Finds the controller instance for a route: the singleton, or an instance from the request's scope. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ComponentContainer } from '../components/container.js';
import type { InstanceFor } from '../web/routes.js';
import { CurrentReply, CurrentRequest } from '../web/tokens.js';

/** Tokens whose values belong to a request. */
export const REQUEST_TOKENS: ReadonlySet<symbol> = new Set([CurrentRequest, CurrentReply]);

/** Returns the look-up of instances. All instances of a request come from one scope. */
export function instancesFrom(container: ComponentContainer): InstanceFor {
  const scopes = new WeakMap<FastifyRequest, ComponentContainer>();
  const scopeOf = (request: FastifyRequest, reply: FastifyReply): ComponentContainer => {
    const existing = scopes.get(request);
    if (existing !== undefined) return existing;
    const scope = container.openRequestScope(
      new Map<symbol, unknown>([
        [CurrentRequest, request],
        [CurrentReply, reply],
      ]),
    );
    scopes.set(request, scope);
    return scope;
  };
  return (definition, request, reply) => {
    const scope = request === undefined || reply === undefined ? container : scopeOf(request, reply);
    return scope.resolve(definition.token) as object;
  };
}
