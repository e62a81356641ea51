/** The schema of the namespace `postgres`, and its reading. */
import { type ConfigurationValue, invalidConfigurationValue, refuseUnknownKeys } from '@tsukimi/core';
import { SchemaType as Type } from '@tsukimi/core/schema-types';
import { LONGEST_TIMEOUT_MS } from '@tsukimi/metrics';
import type pg from 'pg';
import type { Static } from 'typebox';

const milliseconds = (defaultMs: number) => Type.Integer({ minimum: 1, maximum: LONGEST_TIMEOUT_MS, default: defaultMs, shown: true });

/** Schema of a pool's namespace, by default `postgres`: where the database is, and the limits of the pool. */
export const PostgresSchema = Type.Object(
  {
    name: Type.String({ pattern: '^[A-Za-z][\\w.-]{0,62}$', default: 'main' }),
    url: Type.Optional(Type.String()),
    host: Type.Optional(Type.String()),
    port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535, shown: true })),
    database: Type.Optional(Type.String()),
    user: Type.Optional(Type.String()),
    password: Type.Optional(Type.String()),
    ssl: Type.Boolean({ default: false, shown: true }),
    max_connections: Type.Integer({ minimum: 1, maximum: 10_000, default: 10, shown: true }),
    connection_timeout_ms: milliseconds(5000),
    idle_timeout_ms: milliseconds(10_000),
    max_statements: Type.Integer({ minimum: 1, maximum: 10_000, default: 100, shown: true }),
    required: Type.Boolean({ default: false, shown: true }),
    health: Type.Enum(['readiness', 'info', 'off'], { default: 'readiness', shown: true }),
  },
  { additionalProperties: false },
);

/** What is read of an application's configuration. */
export interface NamespaceReader {
  namespace(name: string, schema: typeof PostgresSchema): Static<typeof PostgresSchema>;
  get(key: string): ConfigurationValue | undefined;
  placeOf(key: string): string;
}

/** What the health check of a pool decides on; `off` for none. */
export type PoolHealth = 'readiness' | 'info' | 'off';

/** The checked configuration of a pool. */
export interface PoolConfiguration {
  readonly name: string;
  readonly maxStatements: number;
  readonly required: boolean;
  readonly health: PoolHealth;
  readonly pool: pg.PoolConfig;
}

const PARTS_OF_URL = ['host', 'port', 'database', 'user'] as const;

/** @throws TSK_ERR_CONFIGURATION_VALUE with key, value, source and what is allowed */
export function readPoolConfiguration(configuration: NamespaceReader, namespace: string): PoolConfiguration {
  refuseUnknownKeys(configuration, { name: namespace, schema: PostgresSchema });
  const { name, url, ssl, required, health, ...rest } = configuration.namespace(namespace, PostgresSchema);
  const { max_statements: maxStatements, max_connections: max, ...values } = rest;
  const { connection_timeout_ms: connectionTimeoutMillis, idle_timeout_ms: idleTimeoutMillis, ...address } = values;
  const refuse = (key: string, value: ConfigurationValue, allowed: string) =>
    invalidConfigurationValue({ key: `${namespace}.${key}`, value, allowed, source: configuration.placeOf(`${namespace}.${key}`) });
  if (url !== undefined) {
    const double = PARTS_OF_URL.find((part) => address[part] !== undefined);
    if (double !== undefined)
      throw refuse(double, address[double] as ConfigurationValue, `nothing, because ${namespace}.url is set, which has it already`);
    if (!isPostgresUrl(url)) throw refuse('url', url, 'a URL such as postgres://user@db.example.org:5432/orders');
  }
  return {
    name,
    maxStatements,
    required,
    health,
    pool: {
      ...address,
      ...(url !== undefined && { connectionString: url }),
      ...(ssl && { ssl }),
      max,
      connectionTimeoutMillis,
      idleTimeoutMillis,
    },
  };
}

// pg's own error for a wrong URL has the whole of it, with the password.
function isPostgresUrl(url: string): boolean {
  return URL.canParse(url) && /^postgres(ql)?:$/.test(new URL(url).protocol);
}
