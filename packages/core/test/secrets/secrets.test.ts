import 'reflect-metadata';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ApplicationOptions,
  Component,
  Controller,
  createApplication,
  type Extension,
  Get,
  HttpCode,
  HttpError,
  Scheduled,
  Value,
  withoutCredentials,
} from '@tsukimi/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { everythingSaid } from '../../../../test/support/everything-said.js';
import { applicationOf } from '../start.js';
import { CANARY, MailSchema, NUMBER_CANARY, PROBES, SECRET_KEYS, SHAPES, YAML_FILES } from './probes.js';

const App = applicationOf([]);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tsukimi-secrets-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const reader = (): Extension => ({ name: 'mail', configure: ({ configuration }) => void configuration.namespace('mail', MailSchema) });

/** All that a start says, at every level. */
async function saidAtStart(options: ApplicationOptions, app = App): Promise<string> {
  return await everythingSaid(async (stream) => {
    const application = await createApplication(app, {
      environment: {},
      extensions: [reader],
      ...options,
      logger: { level: 'trace', stream },
    });
    await application.close();
  });
}

function leaks(said: string): boolean {
  const digits = said.replaceAll(/[_,]/g, '');
  return said.toLowerCase().includes(CANARY.toLowerCase()) || digits.includes(String(NUMBER_CANARY));
}

test('the probes are many', () => {
  expect(PROBES.length + YAML_FILES.length).toBeGreaterThan(150);
});

test.each(PROBES)('configuration says nothing of %s', async (_name, configuration) => {
  const said = await saidAtStart({ configuration });
  expect(leaks(said), said).toBe(false);
});

test.each(YAML_FILES)('a file says nothing: %j', async (text) => {
  const configuration = join(folder, 'application.yml');
  await writeFile(configuration, text);
  const said = await saidAtStart({ configuration });
  expect(leaks(said), said).toBe(false);
});

test.each([
  'MAIL',
  'MAIL_HOST',
  'MAIL_PORT',
  'MAIL_SECURE',
  'MAIL_MODE',
  'MAIL_TO',
  'MAIL_PORTS',
  'MAIL_LABELS',
  'MAIL_SMTP',
  'MAIL_SMTP_TIMEOUT',
  'MAIL_PASSWORD',
  'MAIL_TOKEN',
  'SERVER_PORT',
  'SERVER_HOST',
  'SERVER_TRUST_PROXY',
  'SERVER_WORKERS',
  'SCHEDULER_ENABLED',
  'LOGGING_LEVEL',
  'LOGGING_FORMAT',
  'MAIL_PASWORD',
  'SEVRER_PORT',
])('the variable TSUKIMI_%s says nothing', async (name) => {
  for (const text of [CANARY, `a=${CANARY}`, `x,${CANARY}`, `postgres://u:${CANARY}@h`]) {
    const said = await saidAtStart({ configuration: {}, environment: { [`TSUKIMI_${name}`]: text } });
    expect(leaks(said), said).toBe(false);
  }
});

test.each(SECRET_KEYS)('nothing is said of what stands at or below %s, not even its type', async (key) => {
  for (const type of [Boolean, Array]) {
    for (const value of [CANARY, { inner: CANARY }, NUMBER_CANARY]) {
      for (const path of [`mail.${key}`, `mail.${key}.inner`]) {
        const said = await saidOfValue(path, type, value);
        expect(leaks(said), said).toBe(false);
        if (said !== '') expect(said).toContain(' is ***');
      }
    }
  }
});

async function saidOfValue(path: string, type: unknown, value: unknown): Promise<string> {
  class Holder {}
  Reflect.defineMetadata('design:paramtypes', [type], Holder);
  Value(`\${${path}}`)(Holder, undefined, 0);
  Component()(Holder);
  const configuration = path.split('.').reduceRight<unknown>((inner, part) => ({ [part]: inner }), value) as never;
  return await everythingSaid(async (stream) => {
    const application = await createApplication(applicationOf([Holder]), {
      configuration,
      environment: {},
      logger: { level: 'warn', stream },
    });
    await application.close();
  });
}

test.each(Object.entries(SHAPES))('@Value of a key of any name says nothing of a %s', async (_name, value) => {
  for (const type of [Number, Boolean, String, Array]) {
    for (const path of ['mail.host', 'server.port', 'mail.smtp.user']) {
      const said = await saidOfValue(path, type, value);
      expect(leaks(said), said).toBe(false);
    }
  }
});

/** Mistakes in declarations, each with the secret in the place of something else. */
const MISTAKES: Readonly<Record<string, () => unknown>> = {
  '@Value without a placeholder': () => Value(CANARY),
  '@Value with half a placeholder': () => Value(`\${a:${CANARY}`),
  'cron of @Scheduled': () => declare((target) => Scheduled({ cron: CANARY })(target, 'run', methodOf(target))),
  'cron with a connection string': () =>
    declare((target) => Scheduled({ cron: `postgres://u:${CANARY}@h/db` })(target, 'run', methodOf(target))),
  'fixedRate of @Scheduled': () => declare((target) => Scheduled({ fixedRate: CANARY as never })(target, 'run', methodOf(target))),
  'initialDelay of @Scheduled': () =>
    declare((target) => Scheduled({ fixedRate: 5, initialDelay: CANARY as never })(target, 'run', methodOf(target))),
  'timeZone of @Scheduled': () => declare((target) => Scheduled({ cron: '* * * * *', timeZone: CANARY })(target, 'run', methodOf(target))),
  'scope of @Component': () => declare((target) => Component({ scope: CANARY as never })(target.constructor as never)),
  'options of @Component': () => declare((target) => Component(CANARY as never)(target.constructor as never)),
  'status of @HttpCode': () =>
    declare((target) => {
      Get('/')(target, 'run', methodOf(target));
      HttpCode(CANARY as never)(target, 'run', methodOf(target));
      Controller('/')(target.constructor as never);
    }, true),
  'status of HttpError': () => new HttpError(CANARY as never, 'gone'),
  'a component that is none': () =>
    createApplication(applicationOf([{ password: CANARY } as never]), { configuration: {}, environment: {} }),
  'a replacement that is none': () =>
    createApplication(App, { configuration: {}, environment: {}, replace: [{ password: CANARY }] as never }),
  'a replacement of an object': () =>
    createApplication(App, { configuration: {}, environment: {}, replace: [[{ password: CANARY }, 1]] as never }),
};

function declare(decorate: (target: object) => void, asController = false): unknown {
  class Declared {
    run(): void {}
  }
  decorate(Declared.prototype);
  if (!asController) Component()(Declared);
  return createApplication(applicationOf([Declared]), { configuration: {}, environment: {}, logger: false });
}

function methodOf(target: object): TypedPropertyDescriptor<() => void> {
  return Object.getOwnPropertyDescriptor(target, 'run') as TypedPropertyDescriptor<() => void>;
}

test.each(Object.entries(MISTAKES))('a mistake says nothing of the value: %s', async (_name, make) => {
  const said = await everythingSaid(async () => await make());
  expect(said).toContain('TSK_ERR_');
  expect(leaks(said), said).toBe(false);
});

test.each([
  `connect ECONNREFUSED postgres://app:${CANARY}@db:5432/shop`,
  `redis://:a/b@${CANARY}@h:6379`,
  `https://h/?sig=${CANARY}`,
  `https://h/a?x=1&token=${CANARY}#f`,
  `https://h/p?password=${CANARY}`,
  `Login failed: Server=db;Password=${CANARY};Database=x`,
  `Server=db;Password=two ${CANARY};Database=x`,
  `Pwd='a ${CANARY} b'`,
  `{"password":"${CANARY}"}`,
  `{"apiKey": "a\\"${CANARY}"}`,
  `passphrase: ${CANARY}`,
  `the password is ${CANARY}`,
  `DB_PASSWORD=${CANARY}`,
  `private_key => '${CANARY}'`,
  `secret_access_key=${CANARY}`,
  `Authorization: Bearer ${CANARY}`,
  `"authorization":"Basic ${CANARY}"`,
  `bearer ${CANARY}${CANARY}`,
  `sentry_dsn=https://${CANARY}@sentry/1`,
  `-----BEGIN PRIVATE KEY-----\n${CANARY}\n-----END PRIVATE KEY-----`,
  `sk-${CANARY}${CANARY}`,
  `Cookie: sid=${CANARY}`,
  `psql --password ${CANARY} -h db`,
  `passwordHash: ${CANARY}`,
  `pin=${CANARY}`,
  `otp: ${CANARY}`,
  `jwt=${CANARY}`,
  `bearer: ${CANARY}`,
  `connectionString=${CANARY}`,
  `DefaultEndpointsProtocol=https;AccountKey=${CANARY}==;`,
  `Endpoint=sb://h/;SharedAccessKey=${CANARY}`,
  `Digest username="a", realm="b", response="${CANARY}"`,
  `Authorization: Digest username="a", response="${CANARY}"`,
  `password%3D${CANARY}`,
  `<password>${CANARY}</password>`,
  `<db:password type="text">${CANARY}</db:password>`,
  `<Password value="${CANARY}"/>`,
  `<add key="a" /><userPassword id='1' value='${CANARY}' />`,
])('a foreign message goes without what looks like a credential: %j', (message) => {
  expect(withoutCredentials(message)).not.toContain(CANARY);
  expect(withoutCredentials(message)).toContain('***');
});

test.each([
  'token expired',
  'the signal SIGTERM ended it',
  'mapping: 3 of 5',
  'author: Ada, tokens: 5 of 10',
  '<passed>12</passed> <b>bold</b>',
  'Unexpected token } in JSON at position 3',
  'mv --passive-ftp host',
])('a foreign message without a credential stays as it is: %j', (message) => {
  expect(withoutCredentials(message)).toBe(message);
});

test('a long foreign message is read in no time', () => {
  const began = process.hrtime.bigint();
  for (const part of [
    'a',
    'a://',
    'token',
    'password=',
    '-----BEGIN ',
    'x:',
    '"',
    "Password='",
    ' a;',
    '<password ',
    '<pass>',
    '--password ',
    'Digest a=',
    'a=b, ',
    'pin-',
  ])
    withoutCredentials(part.repeat(200_000));
  expect(Number(process.hrtime.bigint() - began) / 1e6).toBeLessThan(5_000);
});

test('the net that the probes are caught in has no holes', async () => {
  const cause = Object.assign(new Error('inner'), { input: CANARY });
  for (const thrown of [new Error(CANARY), new Error('outer', { cause }), { deep: [{ er: CANARY }] }, new AggregateError([cause])]) {
    expect(leaks(await everythingSaid(() => Promise.reject(thrown)))).toBe(true);
  }
  expect(leaks(await everythingSaid(() => process.emitWarning(CANARY)))).toBe(true);
  expect(leaks(await everythingSaid((stream) => stream.write(CANARY)))).toBe(true);
  expect(leaks(await everythingSaid(() => process.stdout.write(`${CANARY}\n`)))).toBe(true);
});
