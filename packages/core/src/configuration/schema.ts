/** The framework's own namespaces: what may stand in them, and the defaults. Nothing in them is a secret: messages may show their values. */
import { type Static, Type } from 'typebox';
import { LONGEST_TIMEOUT_MS } from '../longest-timeout.js';

/** `app`: what the application calls itself. */
export const AppSchema = Type.Object(
  {
    name: Type.Optional(Type.String({ minLength: 1 })),
    version: Type.String({ default: 'unknown' }),
  },
  { shown: true },
);

/** `server`: where the application listens, whom it trusts, how long it may take to stop. */
export const ServerSchema = Type.Object(
  {
    host: Type.String({ minLength: 1, default: '127.0.0.1' }),
    /** 0 takes any free port. */
    port: Type.Integer({ minimum: 0, maximum: 65_535, default: 8000 }),
    workers: Type.Integer({ minimum: 1, default: 1 }),
    /** Proxies whose forwarded headers count: addresses, CIDR ranges, or `loopback`, `linklocal`, `uniquelocal`. */
    trust_proxy: Type.Array(Type.String(), { default: [] }),
    shutdown_timeout_ms: Type.Integer({ minimum: 0, maximum: LONGEST_TIMEOUT_MS, default: 10_000 }),
  },
  { shown: true },
);

/** `scheduler`: whether scheduled tasks run by themselves. */
export const SchedulerSchema = Type.Object({ enabled: Type.Boolean({ default: true }) }, { shown: true });

/** `logging`: how much is logged, and how it looks. */
export const LoggingSchema = Type.Object(
  {
    level: Type.Enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], { default: 'info' }),
    /** `auto` is `pretty` on a terminal, and `json` elsewhere, in production and in CI. */
    format: Type.Enum(['auto', 'json', 'pretty'], { default: 'auto' }),
  },
  { shown: true },
);

export type AppConfiguration = Static<typeof AppSchema>;
export type ServerConfiguration = Static<typeof ServerSchema>;
export type SchedulerConfiguration = Static<typeof SchedulerSchema>;
export type LoggingConfiguration = Static<typeof LoggingSchema>;

/** The namespaces that core reads, by name. */
export const CORE_NAMESPACES = { app: AppSchema, server: ServerSchema, scheduler: SchedulerSchema, logging: LoggingSchema } as const;
