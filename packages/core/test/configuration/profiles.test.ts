/** What the file of a profile may change, and what it may not take away by accident. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Extension } from '@tsukimi/core';
import { Type } from 'typebox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applicationOf, start, startFailure } from '../start.js';

const App = applicationOf([]);
const schema = Type.Object({
  allowed_ips: Type.Array(Type.String(), { default: [], emptyMeansAll: true }),
  port: Type.Union([Type.Integer(), Type.Null()], { default: null }),
  labels: Type.Record(Type.String(), Type.String(), { default: {} }),
});
const BASE = `
server: { trust_proxy: [10.0.0.1], port: 8080 }
metrics: { allowed_ips: [127.0.0.1], port: 9464, labels: { zone: eu } }
mail: { smtp: { host: one, user: ann }, password: x }
`;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tsukimi-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function optionsFor(profile: string, base = BASE) {
  await writeFile(join(folder, 'application.yml'), base);
  await writeFile(join(folder, 'application-prod.yml'), profile);
  const reader: Extension = { name: 'reader', configure: ({ configuration }) => void configuration.namespace('metrics', schema) };
  return { configuration: join(folder, 'application.yml'), profile: 'prod', extensions: [() => reader] };
}

test.each([
  '',
  '# nothing yet\n',
  '---\n',
  '~\n',
  'metrics:\n',
  'metrics:\n  # nothing yet\n',
  'metrics: ~\n',
  'metrics: null\n',
  'metrics: {}\n',
  'metrics: &nothing\nserver: *nothing\n',
  'server:\nmetrics:\nmail:\n',
  'mail:\n  smtp:\n',
  'metrics:\n  labels:\n',
  'x: &empty {}\nmetrics:\n  <<: *empty\n',
  'metrics.labels:\n',
])('a profile with %j changes nothing', async (profile) => {
  const { configuration } = await start(App, await optionsFor(profile));
  expect(configuration.namespace('metrics', schema)).toEqual({ allowed_ips: ['127.0.0.1'], port: 9464, labels: { zone: 'eu' } });
  expect(configuration.get('server.trust_proxy')).toEqual(['10.0.0.1']);
  expect(configuration.get('mail')).toEqual({ smtp: { host: 'one', user: 'ann' }, password: 'x' });
});

test.each([
  [
    'metrics:\n  allowed_ips:\n',
    'metrics.allowed_ips is empty (application-prod.yml:2), which would discard the value of application.yml.',
  ],
  ['metrics.allowed_ips:\n', 'metrics.allowed_ips is empty (application-prod.yml:1), which would discard the value of application.yml.'],
  ['metrics:\n  port:\n', 'metrics.port is empty (application-prod.yml:2), which would discard the value of application.yml.'],
  ['server:\n  trust_proxy:\n', 'server.trust_proxy is empty (application-prod.yml:2), which would discard the value of application.yml.'],
  ['server:\n  host: x\n  port:\n', 'server.port is empty (application-prod.yml:3), which would discard the value of application.yml.'],
  ['mail:\n  password:\n', 'mail.password is empty (application-prod.yml:2), which would discard the value of application.yml.'],
  ['mail: { smtp: { user: } }\n', 'mail.smtp.user is empty (application-prod.yml:1), which would discard the value of application.yml.'],
  [
    'metrics: { allowed_ips: null }\n',
    'metrics.allowed_ips: null is not a list (application-prod.yml:1). Allowed: a list, each entry a string.',
  ],
  [
    'metrics: { allowed_ips: ~ }\n',
    'metrics.allowed_ips: null is not a list (application-prod.yml:1). Allowed: a list, each entry a string.',
  ],
  [
    'server: { trust_proxy: null }\n',
    'server.trust_proxy: null is not a list (application-prod.yml:1). Allowed: a list, each entry a string.',
  ],
  ['server: { host: null }\n', 'server.host: null is not a string (application-prod.yml:1). Allowed: a string that is not empty.'],
  ['metrics: { allowed_ips: [~] }\n', 'metrics.allowed_ips[0]: null is not a string (application-prod.yml:1). Allowed: a string.'],
  ['metrics:\n  allowed_ips:\n    -\n', 'metrics.allowed_ips[0]: null is not a string (application-prod.yml:3). Allowed: a string.'],
  ['metrics: []\n', 'metrics: a list of 0 entries is not allowed (application-prod.yml:1). Allowed: a mapping of keys to values.'],
  ['metrics: off\n', 'metrics: a text of 3 characters is not allowed (application-prod.yml:1). Allowed: a mapping of keys to values.'],
  [
    'metrics: { allowed_ips: [] }\n',
    'metrics.allowed_ips is an empty list (application-prod.yml:1), over the list in application.yml, which would allow everyone. To keep the values of the other sources, remove it; to allow everyone, list 0.0.0.0/0 and ::/0.',
  ],
])('a profile with %j stops the start', async (profile, message) => {
  expect(await startFailure(App, await optionsFor(profile))).toContain(`TSK_ERR_CONFIGURATION_VALUE: ${message}`);
});

test.each(['', ' ', ',', ', ,', '[]', '  []'])('a variable with %j does not empty an allowlist', async (text) => {
  for (const base of [BASE, '']) {
    const environment = { TSUKIMI_METRICS_ALLOWED_IPS: text };
    expect(await startFailure(App, { ...(await optionsFor('', base)), environment })).toContain(
      '(environment TSUKIMI_METRICS_ALLOWED_IPS)',
    );
  }
});

test.each(['', ' ', ','])('a variable with %j names no proxies', async (text) => {
  const environment = { TSUKIMI_SERVER_TRUST_PROXY: text };
  expect(await startFailure(App, { ...(await optionsFor('')), environment })).toContain(
    'Separate entries by commas, write [] or {} for none, or unset the variable to keep the values of the files.',
  );
});

test('what is meant is done: a null that is written out, and an empty list where nothing was listed', async () => {
  const written = await start(
    App,
    await optionsFor('metrics: { port: null }\nmail: { password: ~, smtp: null }\nserver: { trust_proxy: [] }\n'),
  );
  expect(written.configuration.namespace('metrics', schema).port).toBeNull();
  expect(written.configuration.get('mail')).toEqual({ smtp: null, password: null });
  expect(written.configuration.get('server.trust_proxy')).toEqual([]);
  const open = await start(App, await optionsFor('metrics: { allowed_ips: [] }\n', 'metrics: { path: /m }\n'));
  expect(open.configuration.namespace('metrics', schema).allowed_ips).toEqual([]);
});

const OPEN = undefined as unknown as string;
const listExpected = (key: string) =>
  `TSK_ERR_CONFIGURATION_VALUE: ${key}: undefined is not a list (configuration option). Allowed: a list, each entry a string. To use the default, leave the key out.`;

test.each([
  [{ metrics: { allowed_ips: OPEN } }, listExpected('metrics.allowed_ips')],
  [{ 'metrics.allowed_ips': OPEN }, listExpected('metrics.allowed_ips')],
  [{ 'metrics.allowed_ips': OPEN, metrics: { port: 9464 } }, listExpected('metrics.allowed_ips')],
  [{ server: { trust_proxy: OPEN } }, listExpected('server.trust_proxy')],
  [{ 'server.trust_proxy': OPEN }, listExpected('server.trust_proxy')],
  [{ metrics: { allowed_ips: [OPEN] } }, 'TSK_ERR_CONFIGURATION_VALUE: metrics.allowed_ips[0] is not a string. Allowed: a string.'],
])('code that sets access control to undefined stops the start: %o', async (configuration, message) => {
  const reader: Extension = { name: 'reader', configure: (context) => void context.configuration.namespace('metrics', schema) };
  expect(await startFailure(App, { configuration, extensions: [() => reader] })).toContain(message);
});

test('a variable sets what code left undefined, and other keys can be undefined', async () => {
  const { configuration } = await start(App, {
    configuration: { metrics: { allowed_ips: OPEN, port: OPEN }, server: { port: OPEN } },
    environment: { TSUKIMI_METRICS_ALLOWED_IPS: '::1' },
  });
  expect(configuration.namespace('metrics', schema)).toEqual({ allowed_ips: ['::1'], port: null, labels: {} });
  expect(configuration.get('server.port')).toBe(8000);
});
