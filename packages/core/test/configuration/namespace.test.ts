import { type ApplicationOptions, type Extension, invalidConfigurationValue } from '@tsukimi/core';
import fc from 'fast-check';
import { type Static, type TSchema, Type } from 'typebox';
import { expect, test } from 'vitest';
import { applicationOf, logSink, start, startFailure, warningsIn } from '../start.js';

const App = applicationOf([]);
const option = 'configuration option';

const MetricsSchema = Type.Object(
  {
    path: Type.String({ default: '/metrics' }),
    port: Type.Union([Type.Integer({ minimum: 0, maximum: 65_535 }), Type.Null()], { default: null }),
    allowed_ips: Type.Array(Type.String(), { default: [] }),
    default_labels: Type.Record(Type.String(), Type.String(), { default: {} }),
    mode: Type.Union([Type.Literal('a'), Type.Literal('b')], { default: 'a' }),
    nested: Type.Object({ depth: Type.Number({ exclusiveMinimum: 0, default: 1 }) }),
    api_key: Type.Optional(Type.String({ minLength: 8 })),
  },
  { shown: true },
);

/** The namespace `metrics` as an extension reads it. */
async function read<S extends TSchema>(schema: S, options: ApplicationOptions): Promise<Static<S>> {
  const { configuration } = await start(App, options);
  return configuration.namespace('metrics', schema);
}

async function readFailure(options: ApplicationOptions): Promise<string> {
  const reader = (): Extension => ({
    name: 'reader',
    configure: (context) => void context.configuration.namespace('metrics', MetricsSchema),
  });
  return await startFailure(App, { ...options, extensions: [reader] });
}

test('defaults are filled in, nested ones too', async () => {
  const defaults = { path: '/metrics', port: null, allowed_ips: [], default_labels: {}, mode: 'a', nested: { depth: 1 } };
  expect(await read(MetricsSchema, {})).toEqual(defaults);
  expect(await read(MetricsSchema, { configuration: { metrics: null } })).toEqual(defaults);
});

test('both ends of a range are named', async () => {
  const shares = Type.Object({ shares: Type.Array(Type.Number({ exclusiveMinimum: 0, maximum: 1 })) });
  await expect(read(shares, { configuration: { metrics: { shares: [0.5, 95] } } })).rejects.toThrow(
    'metrics.shares[1]: a number is out of range (configuration option). Allowed: a number above 0 and at most 1.',
  );
});

test('what is read belongs to the reader', async () => {
  const { configuration } = await start(App);
  configuration.namespace('metrics', MetricsSchema).allowed_ips.push('changed');
  expect(configuration.namespace('metrics', MetricsSchema).allowed_ips).toEqual([]);
  expect(configuration.get('metrics.allowed_ips')).toEqual([]);
});

test('variables become what the schema asks for', async () => {
  const environment = {
    TSUKIMI_METRICS_PORT: '9100',
    TSUKIMI_METRICS_ALLOWED_IPS: '10.0.0.0/8, ::1',
    TSUKIMI_METRICS_DEFAULT_LABELS: 'region=eu, zone = a=b',
    TSUKIMI_METRICS_MODE: 'b',
    TSUKIMI_METRICS_NESTED_DEPTH: '2.5',
  };
  expect(await read(MetricsSchema, { environment })).toEqual({
    path: '/metrics',
    port: 9100,
    allowed_ips: ['10.0.0.0/8', '::1'],
    default_labels: { region: 'eu', zone: 'a=b' },
    mode: 'b',
    nested: { depth: 2.5 },
  });
});

test('"null", "[]" and "{}" in a variable are themselves; nothing at all is none of them', async () => {
  const configuration = { metrics: { port: 9100, allowed_ips: ['::1'], default_labels: { a: 'b' } } };
  const environment = { TSUKIMI_METRICS_PORT: 'null', TSUKIMI_METRICS_ALLOWED_IPS: '[]', TSUKIMI_METRICS_DEFAULT_LABELS: '{}' };
  expect(await read(MetricsSchema, { configuration, environment })).toMatchObject({ port: null, allowed_ips: [], default_labels: {} });
  for (const name of Object.keys(environment)) {
    for (const text of ['', ' ', ',', ' , ']) {
      expect(await readFailure({ configuration, environment: { [name]: text } })).toContain(`(environment ${name}). Allowed: `);
    }
  }
});

test.each([
  [
    { port: 'eighty' },
    `metrics.port: a text of 6 characters is not an integer or null (${option}). Allowed: an integer from 0 to 65535 or null.`,
  ],
  [{ port: '8000' }, `metrics.port: "8000" is not an integer or null (${option}). Allowed: an integer from 0 to 65535 or null.`],
  [{ path: 5 }, `metrics.path: 5 is not a string (${option}). Allowed: a string. Put it in quotes.`],
  [{ path: null }, `metrics.path: null is not a string (${option}). Allowed: a string.`],
  [{ allowed_ips: '::1' }, `metrics.allowed_ips: a text of 3 characters is not a list (${option}). Allowed: a list, each entry a string.`],
  [{ allowed_ips: ['::1', 5] }, `metrics.allowed_ips[1]: 5 is not a string (${option}). Allowed: a string. Put it in quotes.`],
  [{ default_labels: { a: 1 } }, `metrics.default_labels.a: 1 is not a string (${option}). Allowed: a string. Put it in quotes.`],
  [{ mode: 'c' }, `metrics.mode: a text of 1 character is not allowed (${option}). Allowed: one of "a", "b".`],
  [{ nested: { depth: 0 } }, `metrics.nested.depth: 0 is out of range (${option}). Allowed: a number above 0.`],
  [{ nested: 4 }, `metrics.nested: 4 is not a mapping (${option}). Allowed: a mapping.`],
  [{ api_key: 'short' }, `metrics.api_key: *** is not allowed (${option}). Allowed: a string of at least 8 characters.`],
])('%o is refused', async (metrics, expected) => {
  expect(await readFailure({ configuration: { metrics } })).toBe(`TSK_ERR_CONFIGURATION_VALUE: ${expected}`);
});

test('a variable that does not fit is named', async () => {
  expect(await readFailure({ environment: { TSUKIMI_METRICS_NESTED_DEPTH: '0x10' } })).toBe(
    'TSK_ERR_CONFIGURATION_VALUE: metrics.nested.depth: a text of 4 characters is not a number (environment TSUKIMI_METRICS_NESTED_DEPTH). Allowed: a number above 0.',
  );
});

test('a missing key and a namespace that is not a mapping are named', async () => {
  const schema = Type.Object({ url: Type.String() });
  await expect(read(schema, {})).rejects.toThrow('metrics.url is missing. Allowed: a string.');
  await expect(read(schema, { configuration: { metrics: ['a'] } })).rejects.toThrow(
    `metrics: a list of 1 entry is not allowed (${option}). Allowed: a mapping of keys to values.`,
  );
});

test('all mistakes are reported together', async () => {
  const failure = await startFailure(App, { configuration: { server: { port: 'eighty', host: 5 } } });
  expect(failure).toBe(
    `TSK_ERR_CONFIGURATION_VALUE: server.host: 5 is not a string (${option}). Allowed: a string that is not empty. Put it in quotes. server.port: a text of 6 characters is not an integer (${option}). Allowed: an integer from 0 to 65535.`,
  );
});

test.each([
  [{ server: { port: 70_000 } }, `server.port: 70000 is out of range (${option}). Allowed: an integer from 0 to 65535.`],
  [{ server: { port: -1 } }, `server.port: -1 is out of range (${option}). Allowed: an integer from 0 to 65535.`],
  [{ server: { port: 80.5 } }, `server.port: 80.5 is not an integer (${option}). Allowed: an integer from 0 to 65535.`],
  [{ app: { version: 1.1 } }, `app.version: 1.1 is not a string (${option}). Allowed: a string. Put it in quotes.`],
  [
    { logging: { level: 'loud' } },
    `logging.level: a text of 4 characters is not allowed (${option}). Allowed: one of "trace", "debug", "info", "warn", "error", "fatal", "silent".`,
  ],
  [{ scheduler: { enabled: 'yes' } }, `scheduler.enabled: "yes" is not true or false (${option}). Allowed: true or false.`],
  [{ server: { workers: 0 } }, `server.workers: 0 is out of range (${option}). Allowed: "auto" or an integer from 1 to 1024.`],
  [
    { server: { workers: 'many' } },
    `server.workers: a text of 4 characters is not allowed (${option}). Allowed: "auto" or an integer from 1 to 1024.`,
  ],
  [
    { server: { trust_proxy: true } },
    `server.trust_proxy: true is not allowed (${option}). Allowed: a list of addresses, CIDR ranges, or loopback, linklocal, uniquelocal. List your proxies: if everyone were trusted, any client could claim any address.`,
  ],
  [
    { server: { trust_proxy: ['10.0.0.0/8', '10.0.0/8'] } },
    `server.trust_proxy[1]: "10.0.0/8" is not allowed (${option}). Allowed: an address, a CIDR range such as 10.0.0.0/8, or loopback, linklocal, uniquelocal.`,
  ],
])('core refuses %o', async (configuration, expected) => {
  expect(await startFailure(App, { configuration })).toBe(`TSK_ERR_CONFIGURATION_VALUE: ${expected}`);
});

test.each([
  '10.0.0.0/33',
  '::1/129',
  '0.0.0.0/0',
  '::/0',
  '10.0.0.0/',
  '10.0.0.0/8/8',
  '10.0.0.0/a',
  'fe80::1%eth0',
  'proxy.example.org',
  '',
  '::ffff:0:0/96',
  '::ffff:0.0.0.0/96',
  '127.1',
  '0x7f.0.0.1',
  ' 10.0.0.1',
  '10.0.0.0/+8',
])('the proxy %o is refused', async (proxy) => {
  expect(await startFailure(App, { configuration: { server: { trust_proxy: [proxy] } } })).toContain(
    `TSK_ERR_CONFIGURATION_VALUE: server.trust_proxy[0]: `,
  );
});

test('a trusted proxy that passes works', async () => {
  const proxies = [
    '10.0.0.0/8',
    '127.0.0.1',
    '::1',
    'fd00::/8',
    '192.168.0.0/32',
    '::ffff:10.0.0.0/104',
    'loopback',
    'linklocal',
    'uniquelocal',
  ];
  const application = await start(App, { configuration: { server: { trust_proxy: proxies } } });
  expect(application.configuration.get('server.trust_proxy')).toEqual(proxies);
});

test('an extension makes the same kind of error', () => {
  const error = invalidConfigurationValue({
    key: 'redis.password',
    value: 'hunter2',
    source: 'application.yml',
    allowed: 'a list',
    fix: 'Ask.',
  });
  expect([error.code, error.message]).toEqual([
    'TSK_ERR_CONFIGURATION_VALUE',
    'redis.password: *** is not allowed (application.yml). Allowed: a list. Ask.',
  ]);
});

async function warningsFor(options: ApplicationOptions): Promise<string[]> {
  const reader = (): Extension => ({
    name: 'reader',
    configure(context) {
      context.configuration.namespace('metrics', MetricsSchema);
      context.configuration.namespace('metrics', MetricsSchema);
      context.configuration.get('api.url');
    },
  });
  const { lines, logger } = logSink();
  await start(App, { ...options, logger, extensions: [reader] });
  return warningsIn(lines);
}

test('unknown keys are warned about once, with the nearest known one', async () => {
  expect(await warningsFor({ configuration: { metrics: { alowed_ips: [], nested: { dept: 1, xyz: 2 } }, server: { prot: 1 } } })).toEqual([
    `server.prot (${option}) is not a known key; did you mean server.port?`,
    `metrics.alowed_ips (${option}) is not a known key; did you mean metrics.allowed_ips?`,
    `metrics.nested.dept (${option}) is not a known key; did you mean metrics.nested.depth?`,
    `metrics.nested.xyz (${option}) is not a known key; known in metrics.nested: depth`,
  ]);
});

test('namespaces of the user are fine; one that looks like a slip is warned about', async () => {
  expect(await warningsFor({ configuration: { mail: {}, orders: {}, api: { url: 'x' } } })).toEqual([]);
  expect(await warningsFor({ configuration: { sever: { port: 1 }, metrcs: {} } })).toEqual([
    `sever (${option}) is an unknown namespace; did you mean server?`,
    `metrcs (${option}) is an unknown namespace; did you mean metrics?`,
  ]);
  expect(await warningsFor({ configuration: { server: {}, sever: {} } })).toEqual([]);
  expect(
    await warningsFor({ configuration: { metrics: null, allowed_ips: [], port: 1, tsukimi: { server: {} }, own: { server: {} } } }),
  ).toEqual([
    `allowed_ips (${option}) is an unknown namespace; did you mean metrics.allowed_ips?`,
    `port (${option}) is an unknown namespace; did you mean server.port or health.port or metrics.port?`,
    `tsukimi (${option}) is an unknown namespace; did you mean server?`,
  ]);
});

test.each([
  ['Metrics', 'metrics'],
  ['METRICS', 'metrics'],
  [' metrics', 'metrics'],
  ['metrics/allowed_ips', 'metrics.allowed_ips'],
  ['metrics:allowed_ips', 'metrics.allowed_ips'],
  ['metrics_allowed_ips', 'metrics.allowed_ips'],
  ['Metrics-Allowed-IPs', 'metrics.allowed_ips'],
  ['metrics allowed_ip', 'metrics.allowed_ips'],
  ['metrics/nested/depth', 'metrics.nested.depth'],
  ['TSUKIMI_METRICS_ALLOWED_IPS', 'metrics.allowed_ips'],
  ['TSUKIMI_SERVER_PORT', 'server.port'],
])('the top-level key %j is warned about, also beside the right one', async (key, meant) => {
  const warning = `${key} (${option}) is an unknown namespace; did you mean ${meant}?`;
  expect(await warningsFor({ configuration: { [key]: ['10.0.0.1'] } })).toEqual([warning]);
  expect(await warningsFor({ configuration: { [key]: ['10.0.0.1'], metrics: {}, server: {} } })).toEqual([warning]);
});

test.each(['metrics_of_mine', 'metrics-exporter', 'serverless', 'server_side', 'x-common', 'own/key', 'allowed-ips-of-mail'])(
  "the top-level key %j is somebody's own",
  async (key) => expect(await warningsFor({ configuration: { [key]: { a: 1 } } })).toEqual([]),
);

test('a flat key below a namespace names its source, and where it belongs', async () => {
  const flat = { app: { 'metrics.allowed_ips': ['10.0.0.1'], 'moon.phase': 1 } };
  expect(await warningsFor({ configuration: flat })).toEqual([
    `app.metrics.allowed_ips (${option}) is not a known key; did you mean metrics.allowed_ips, at the top?`,
    `app.moon.phase (${option}) is not a known key; known in app: name, version`,
  ]);
  expect(await warningsFor({ configuration: { 'metrics.allowed-ips': ['10.0.0.1'] } })).toEqual([
    `metrics.allowed-ips (${option}) is not a known key; did you mean metrics.allowed_ips?`,
  ]);
});

test('an unknown key is not suggested to an unknown variable, nor does it make its own variable known', async () => {
  const environment = { TSUKIMI_SERVER_PRT: '1', TSUKIMI_SERVER_PROT: '2' };
  expect(await warningsFor({ environment, configuration: { server: { prot: 1 } } })).toEqual([
    'server.prot (environment TSUKIMI_SERVER_PROT) is not a known key; did you mean server.port?',
    'the environment variable TSUKIMI_SERVER_PRT matches no known key; did you mean TSUKIMI_SERVER_PORT?',
    'the environment variable TSUKIMI_SERVER_PROT matches no known key; did you mean TSUKIMI_SERVER_PORT?',
  ]);
});

test('variables that match nothing are warned about', async () => {
  const environment = {
    TSUKIMI_METRICS_ALOWED_IPS: '',
    TSUKIMI_SERVER_PORT: '0',
    TSUKIMI_MAIL_HOST: 'x',
    TSUKIMI_PROFILE: '',
    HOME: '/',
    TSUKIMI_QQQQQQQQQ: '',
  };
  expect(await warningsFor({ environment, configuration: { mail: {} } })).toEqual([
    'the environment variable TSUKIMI_METRICS_ALOWED_IPS matches no known key; did you mean TSUKIMI_METRICS_ALLOWED_IPS?',
    'the environment variable TSUKIMI_QQQQQQQQQ matches no known key',
  ]);
});

test('any value of the right type comes through as it is, from an object and from the environment alike', async () => {
  const metrics = fc.record({
    path: fc.string({ minLength: 1, unit: fc.constantFrom('a', '/', '-', '0', ' ') }),
    port: fc.option(fc.nat(65_535), { nil: null }),
    allowed_ips: fc.array(fc.stringMatching(/^[a-f0-9.:/]+$/)),
    nested: fc.record({ depth: fc.double({ min: 0, minExcluded: true, noNaN: true, max: 1e15 }) }),
  });
  await fc.assert(
    fc.asyncProperty(metrics, async (value) => {
      const environment = {
        TSUKIMI_METRICS_PATH: value.path,
        TSUKIMI_METRICS_PORT: String(value.port),
        TSUKIMI_METRICS_ALLOWED_IPS: value.allowed_ips.join(',') || '[]',
        TSUKIMI_METRICS_NESTED_DEPTH: String(value.nested.depth),
      };
      expect(await read(MetricsSchema, { environment })).toMatchObject(value);
      expect(await read(MetricsSchema, { configuration: { metrics: value } })).toMatchObject(value);
    }),
    { numRuns: 50 },
  );
});
