/** Puts an `onRequest` hook before those that are there already. */
import type { FastifyInstance, onRequestHookHandler } from 'fastify';

/**
 * Adds the hook to this context and to those in it, before the hooks of others: one of them may answer, and then later ones don't run.
 *
 * Fastify has no public way to say so: the order is found under its own symbols, and where they have changed the hook stays where it was added.
 */
export function addFirstHook(fastify: FastifyInstance, hook: onRequestHookHandler): void {
  fastify.addHook('onRequest', hook);
  // Hooks are added once the contexts before this one are complete; so it is looked for only then.
  fastify.after(() => moveToFront(fastify, hook));
}

function moveToFront(context: object, hook: onRequestHookHandler): void {
  const hooks = (internal(context, 'fastify.hooks') as { readonly onRequest?: onRequestHookHandler[] } | undefined)?.onRequest;
  const index = hooks?.indexOf(hook) ?? -1;
  if (index > 0) hooks?.unshift(...hooks.splice(index, 1));
  for (const child of (internal(context, 'fastify.children') as readonly object[] | undefined) ?? []) moveToFront(child, hook);
}

function internal(context: object, description: string): unknown {
  const symbol = Object.getOwnPropertySymbols(context).find((each) => each.description === description);
  return symbol === undefined ? undefined : (context as { readonly [key: symbol]: unknown })[symbol];
}
