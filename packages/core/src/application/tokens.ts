/** Tokens to inject parts of the application itself. */

/** The layered configuration: `@Inject(CurrentConfiguration) configuration: Configuration`. */
export const CurrentConfiguration = Symbol('CurrentConfiguration');

/** The application's health: `@Inject(CurrentHealth) health: Health`. */
export const CurrentHealth = Symbol('CurrentHealth');

/** The application's logger, a pino logger: `@Inject(CurrentLogger) logger: FastifyBaseLogger`. */
export const CurrentLogger = Symbol('CurrentLogger');

/** The application's scheduler: `@Inject(CurrentScheduler) scheduler: Scheduler`. */
export const CurrentScheduler = Symbol('CurrentScheduler');

/** The Fastify instance: `@Inject(CurrentServer) fastify: FastifyInstance`. */
export const CurrentServer = Symbol('CurrentServer');
