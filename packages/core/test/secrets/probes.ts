/** Configurations with a secret in them that somebody could have written, and what is read of them. */
import type { ConfigurationValue } from '@tsukimi/core';
import { Type } from 'typebox';

/** Stands for the secret. */
export const CANARY = 'zQ7canary9Kx';
/** A secret of digits only. */
export const NUMBER_CANARY = 8_675_309_421;

/** A namespace of a user's own, which no annotation calls free of secrets. */
export const MailSchema = Type.Object({
  host: Type.String({ default: 'localhost', maxLength: 3 }),
  port: Type.Integer({ minimum: 0, maximum: 65_535, default: 25 }),
  secure: Type.Boolean({ default: false }),
  mode: Type.Union([Type.Literal('plain'), Type.Literal('tls')], { default: 'plain' }),
  kind: Type.Enum(['one', 'two'], { default: 'one' }),
  to: Type.Array(Type.String({ pattern: '^[a-z]{1,3}$' }), { default: [], maxItems: 2, uniqueItems: true }),
  ports: Type.Array(Type.Integer({ maximum: 9 }), { default: [] }),
  labels: Type.Record(Type.String(), Type.Integer(), { default: {} }),
  smtp: Type.Object({ user: Type.String({ default: '', maxLength: 2 }), timeout: Type.Number({ default: 1, multipleOf: 5 }) }),
  either: Type.Union([Type.Integer(), Type.Null()], { default: null }),
  always: Type.Literal('x', { default: 'x' }),
  when: Type.Optional(Type.String({ format: 'date-time' })),
  password: Type.Optional(Type.String({ minLength: 64 })),
  token: Type.Optional(Type.Object({ value: Type.Integer() })),
});

const MAIL_KEYS = Object.keys(MailSchema.properties);

/** Each holds the secret somewhere. */
export const SHAPES: Readonly<Record<string, ConfigurationValue>> = {
  text: CANARY,
  'list item': ['a', CANARY],
  'nested list': [[CANARY]],
  mapping: { password: CANARY },
  'nested mapping': { user: { inner: { value: CANARY } } },
  'mapping in a list': [{ token: CANARY, port: 1 }],
  'connection string': `Server=db;User Id=app;Password=${CANARY};`,
  url: `postgres://app:${CANARY}@db/shop`,
};

/** `[name, configuration]` */
export type Probe = readonly [string, Readonly<Record<string, ConfigurationValue>>];

function at(path: readonly string[], value: ConfigurationValue): Readonly<Record<string, ConfigurationValue>> {
  return path.reduceRight<ConfigurationValue>((inner, key) => ({ [key]: inner }), value) as Readonly<Record<string, ConfigurationValue>>;
}

const inMail = [...MAIL_KEYS, 'smtp.user', 'smtp.timeout', 'labels.a', 'token.value', 'unknown'].flatMap((key): readonly Probe[] =>
  Object.entries(SHAPES).map(([name, value]) => [`mail.${key}: ${name}`, at(['mail', ...key.split('.')], value)]),
);

const OURS = [
  'app',
  'app.name',
  'app.version',
  'server',
  'server.host',
  'server.port',
  'server.workers',
  'server.worker_start_timeout_ms',
  'server.trust_proxy',
  'server.shutdown_timeout_ms',
  'server.shutdown_delay_ms',
  'server.unknown',
  'scheduler',
  'scheduler.enabled',
  'logging',
  'logging.level',
  'logging.format',
  'logging.request_context',
  'logging.datadog',
  'health',
  'health.enabled',
  'health.port',
  'health.live_path',
  'health.ready_path',
  'health.startup_path',
  'health.details',
  'health.timeout_ms',
  'health.cache_ms',
];

// An application's name and version are no place for a secret, and are told where they are right.
const inOurs = OURS.flatMap((key): readonly Probe[] =>
  Object.entries(SHAPES)
    .filter(([, value]) => typeof value !== 'string' || !key.startsWith('app.'))
    .map(([name, value]) => [`${key}: ${name}`, at(key.split('.'), value)]),
);

const numbers: readonly Probe[] = ['host', 'port', 'secure', 'mode', 'to', 'smtp', 'password', 'token', 'ports'].map((key) => [
  `mail.${key}: a number`,
  at(['mail', key], NUMBER_CANARY),
]);

/** Keys that speak of a secret, as people spell them. */
export const SECRET_KEYS = [
  'password',
  'Password',
  'PASSWD',
  'pwd',
  'db_pwd',
  'secret',
  'clientSecret',
  'client-secret',
  'token',
  'accessToken',
  'api_key',
  'apiKey',
  'api-key',
  'apikey',
  'passphrase',
  'auth',
  'basic_auth',
  'authorization',
  'dsn',
  'sentry_dsn',
  'credential',
  'credentials',
  'private_key',
  'privateKey',
  'connection_string',
  'connectionString',
  'cookie_secret',
  'signing_key',
];

/** Every configuration that is probed as an object. */
export const PROBES: readonly Probe[] = [...inMail, ...inOurs, ...numbers];

const YAML_VALUES = [
  `*${CANARY}`,
  `| ${CANARY}`,
  `>${CANARY}`,
  `> ${CANARY}`,
  `|9${CANARY}`,
  `!${CANARY} x`,
  `!vault ${CANARY}`,
  `!!binary ${CANARY}`,
  `!<${CANARY}> x`,
  `%${CANARY}`,
  `@${CANARY}`,
  `\`${CANARY}`,
  `"${CANARY}`,
  `'${CANARY}`,
  `"${CANARY}\\q"`,
  `"\\x${CANARY}"`,
  `"a" ${CANARY}`,
  `[${CANARY}`,
  `{${CANARY}`,
  `[a]${CANARY}`,
  `&${CANARY} &b x`,
  `&a *${CANARY}`,
  `\${${CANARY}}`,
  `x\${A:-${CANARY}}`,
  `a: ${CANARY}: b`,
  `${CANARY}: b: c`,
  `- ${CANARY}\n- ]`,
  `]${CANARY}`,
  `,${CANARY}`,
  `? ${CANARY}`,
  `${CANARY}\n\tport: 1`,
  `${CANARY}\n   port: 1`,
  `${CANARY}\n password: b`,
  `${CANARY}\n  password: b`,
  `${CANARY}\n<<: ${CANARY}`,
  `${CANARY}\n---\na: ${CANARY}`,
  `{ <<: ${CANARY} }`,
];

/** Whole files that cannot be read, or hold something else than they should. */
export const YAML_FILES: readonly string[] = [
  ...YAML_VALUES.flatMap((value) => [`mail:\n  password: ${value}\n`, `mail:\n  smtp: { user: b }\n  host: ${value}\n`]),
  `${CANARY}\n`,
  `- ${CANARY}\n`,
  `password=${CANARY}\n`,
  `"${CANARY}"\n`,
  `mail.password: ${CANARY}\nmail: { password: ${CANARY} }\n`,
  `mail.to[0]: ${CANARY}\n`,
  `server.port: ${CANARY}\n`,
  `mail: ${CANARY}\nmail.host: ${CANARY}\n`,
];
