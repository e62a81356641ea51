/** Tokens to inject the current request and reply into request-scoped components. */

/** Token of Fastify's request, for request-scoped components: `@Inject(CurrentRequest) request: FastifyRequest`. */
export const CurrentRequest: unique symbol = Symbol('CurrentRequest');

/** Token of Fastify's reply, for request-scoped components: `@Inject(CurrentReply) reply: FastifyReply`. */
export const CurrentReply: unique symbol = Symbol('CurrentReply');
