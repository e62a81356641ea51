import { Application, type ConfigurationValue, createApplication, type Extension } from '@tsukimi/core';
import { instrumentationExtension } from '@tsukimi/instrumentation';
import fc from 'fast-check';
import { type TSchema, Type } from 'typebox';
import { expect, test } from 'vitest';
import { everythingSaid } from '../../../../test/support/everything-said.js';

@Application({ components: [] })
class App {}

const canary = fc.oneof(
  fc.stringMatching(/^[A-Za-z]{4}[A-Za-z0-9+/=_.@:-]{6,20}$/),
  fc.stringMatching(/^zq[a-z0-9]{8,16}$/),
  fc.integer({ min: 1_000_000_000, max: 2 ** 52 }),
);

const REAL_KEYS = [
  ...['server.host', 'server.port', 'server.workers', 'server.trust_proxy', 'server.shutdown_timeout_ms', 'scheduler.enabled'],
  ...['logging.level', 'logging.format', 'metrics', 'metrics.enabled', 'metrics.path', 'metrics.port', 'metrics.allowed_ips'],
  ...[
    'metrics.default_labels',
    'metrics.default_labels.a',
    'metrics.show_error_messages',
    'metrics.include_default_metrics',
    'metrics.unknown',
  ],
];

/** Keys of a user's own, some of which speak of secrets. */
const USER_KEYS = ['host', 'port', 'password', 'to', 'nested.token', 'nested.list', 'a.b.c'];

const schema: fc.Arbitrary<TSchema> = fc.letrec<{ schema: TSchema }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<TSchema>(
      Type.Integer(),
      Type.Boolean(),
      Type.Null(),
      Type.Literal('x'),
      Type.Enum(['a', 'b']),
      Type.String({ maxLength: 3 }),
      Type.String({ pattern: '^#' }),
      Type.String({ format: 'ipv4' }),
      Type.Number({ maximum: 7 }),
      Type.Record(Type.String(), Type.Integer()),
      Type.Tuple([Type.Integer()]),
    ),
    fc.array(tie('schema'), { minLength: 1, maxLength: 3 }).map((parts) => Type.Union(parts)),
    tie('schema').map((items) => Type.Array(items, { maxItems: 1 })),
    fc.dictionary(fc.constantFrom('host', 'token', 'list', 'b'), tie('schema')).map((properties) => Type.Object(properties)),
  ),
})).schema;

/** The value as it is, or somewhere in lists and mappings. */
function wrapped(value: ConfigurationValue): fc.Arbitrary<ConfigurationValue> {
  const around = [
    (inner: ConfigurationValue): ConfigurationValue => [inner],
    (inner: ConfigurationValue): ConfigurationValue => ['a', inner, 1],
    (inner: ConfigurationValue): ConfigurationValue => ({ password: inner }),
    (inner: ConfigurationValue): ConfigurationValue => ({ host: 'h', list: inner }),
  ];
  return fc.array(fc.constantFrom(...around), { maxLength: 3 }).map((layers) => layers.reduce((inner, wrap) => wrap(inner), value));
}

function at(key: string, value: ConfigurationValue): Readonly<Record<string, ConfigurationValue>> {
  return key.split('.').reduceRight<ConfigurationValue>((inner, part) => ({ [part]: inner }), value) as never;
}

async function said(configuration: Readonly<Record<string, ConfigurationValue>>, mail: TSchema, environment = {}): Promise<string> {
  const reader = (): Extension => ({ name: 'mail', configure: (context) => void context.configuration.namespace('mail', mail) });
  const configured = (): Extension => ({ name: 'ours', configure: (context) => instrumentationExtension().configure?.(context) });
  return await everythingSaid(async (stream) => {
    const application = await createApplication(App, {
      configuration,
      environment,
      extensions: [reader, configured],
      logger: { level: 'trace', stream },
    });
    await application.close();
  });
}

function expectSilence(text: string, secret: string | number): void {
  expect(text.toLowerCase().includes(String(secret).toLowerCase()), text).toBe(false);
}

test('a secret anywhere in a namespace of a user never shows, whatever its schema asks for', async () => {
  const place = fc
    .record({ secret: canary, key: fc.constantFrom(...USER_KEYS), inner: schema })
    .chain(({ secret, ...rest }) => fc.record({ secret: fc.constant(secret), value: wrapped(secret), rest: fc.constant(rest) }));
  await fc.assert(
    fc.asyncProperty(place, async ({ secret, value, rest: { key, inner } }) => {
      const asked = key.split('.').reduceRight<TSchema>((below, part) => Type.Object({ [part]: below }), inner);
      expectSilence(await said(at(`mail.${key}`, value), asked), secret);
    }),
    { numRuns: 60 },
  );
});

// A number may be shown under the framework's own keys: a port is no secret.
const textCanary = canary.filter((secret) => typeof secret === 'string');

test('a secret in the place of a value of the framework never shows', async () => {
  const place = textCanary.chain((secret) =>
    fc.record({ secret: fc.constant(secret), value: wrapped(secret), key: fc.constantFrom(...REAL_KEYS), isVariable: fc.boolean() }),
  );
  await fc.assert(
    fc.asyncProperty(place, async ({ secret, value, key, isVariable }) => {
      const environment = { [`TSUKIMI_${key.replaceAll('.', '_').toUpperCase()}`]: String(secret) };
      expectSilence(await (isVariable ? said({}, Type.Object({}), environment) : said(at(key, value), Type.Object({}))), secret);
    }),
    { numRuns: 60 },
  );
});
