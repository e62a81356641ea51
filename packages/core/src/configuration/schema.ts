/** The schemas of the framework's own namespaces, with their defaults. They contain no secrets, so messages may show their values. */
import type { Static } from 'typebox';
import { LONGEST_TIMEOUT_MS } from '../longest-timeout.js';
import { SchemaType as Type } from '../schema-types.js';

/** Schema of the namespace `app`: the name and version of the application. */
export const AppSchema = Type.Object(
  {
    name: Type.Optional(Type.String({ minLength: 1 })),
    version: Type.String({ default: 'unknown' }),
  },
  { shown: true },
);

/** Schema of the namespace `server`: where the application listens, which proxies it trusts, how long its shutdown may take. */
export const ServerSchema = Type.Object(
  {
    host: Type.String({ minLength: 1, default: '127.0.0.1' }),
    /** The TCP port; 0 means any free port. */
    port: Type.Integer({ minimum: 0, maximum: 65_535, default: 8000 }),
    /** The number of processes; `auto` means one for each core. */
    workers: Type.Union([Type.Integer({ minimum: 1, maximum: 1024 }), Type.Literal('auto')], { default: 1 }),
    /** How long a worker may take from its start until it listens; then it is killed. */
    worker_start_timeout_ms: Type.Integer({ minimum: 1, maximum: LONGEST_TIMEOUT_MS, default: 120_000 }),
    /** Proxies whose `X-Forwarded-*` headers are trusted: addresses, CIDR ranges, or `loopback`, `linklocal`, `uniquelocal`. */
    trust_proxy: Type.Array(Type.String(), { default: [], refusesUndefined: true }),
    shutdown_timeout_ms: Type.Integer({ minimum: 0, maximum: LONGEST_TIMEOUT_MS, default: 10_000 }),
    /** How long requests are served after a signal to stop, while readiness fails already. */
    shutdown_delay_ms: Type.Integer({ minimum: 0, maximum: LONGEST_TIMEOUT_MS, default: 0 }),
  },
  { shown: true },
);

/** Schema of the namespace `scheduler`: whether scheduled tasks run on their schedules. */
export const SchedulerSchema = Type.Object({ enabled: Type.Boolean({ default: true }) }, { shown: true });

/** Schema of the namespace `logging`: the level and the format of the log. */
export const LoggingSchema = Type.Object(
  {
    level: Type.Enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], { default: 'info' }),
    /** The format; `auto` means `pretty` on a terminal, and `json` elsewhere, in production and in CI. */
    format: Type.Enum(['auto', 'json', 'pretty'], { default: 'auto' }),
    /** Whether lines have the fields of the request or task; `auto` means that they do if something else opens the context, such as tracing. */
    request_context: Type.Enum(['auto', 'on', 'off'], { default: 'auto' }),
    /** Whether lines have `dd`, by which Datadog joins logs and traces. */
    datadog: Type.Boolean({ default: false }),
  },
  { shown: true },
);

/** Schema of the namespace `health`: where probes are answered, who sees the checks, and what a check can take by default. */
export const HealthSchema = Type.Object(
  {
    enabled: Type.Boolean({ default: true }),
    /** The port of the endpoints: the application's, or that of the metrics (`metrics.port`). */
    port: Type.Enum(['application', 'metrics'], { default: 'application' }),
    live_path: Type.String({ default: '/health/live' }),
    ready_path: Type.String({ default: '/health/ready' }),
    startup_path: Type.String({ default: '/health/startup' }),
    /** Who sees the single checks: clients that can read the metrics, everybody, or nobody. */
    details: Type.Enum(['allowed', 'always', 'never'], { default: 'allowed' }),
    timeout_ms: Type.Integer({ minimum: 1, maximum: LONGEST_TIMEOUT_MS, default: 1000 }),
    cache_ms: Type.Integer({ minimum: 0, maximum: LONGEST_TIMEOUT_MS, default: 1000 }),
  },
  { shown: true },
);

export type AppConfiguration = Static<typeof AppSchema>;
export type ServerConfiguration = Static<typeof ServerSchema>;
export type SchedulerConfiguration = Static<typeof SchedulerSchema>;
export type LoggingConfiguration = Static<typeof LoggingSchema>;
export type HealthConfiguration = Static<typeof HealthSchema>;

/** The namespaces that core reads, by name. */
export const CORE_NAMESPACES = {
  app: AppSchema,
  server: ServerSchema,
  scheduler: SchedulerSchema,
  logging: LoggingSchema,
  health: HealthSchema,
} as const;
