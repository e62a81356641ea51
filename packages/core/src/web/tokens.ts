/** The tokens under which components of request scope get the request they serve. */

/** Injects Fastify's request into a component of request scope. */
export const CurrentRequest: unique symbol = Symbol('CurrentRequest');

/** Injects Fastify's reply into a component of request scope. */
export const CurrentReply: unique symbol = Symbol('CurrentReply');
