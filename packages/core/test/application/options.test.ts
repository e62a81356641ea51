/** What is wrong with the options of a start stops it, and is named: the key, the value and what is allowed. */
import { Application, createApplication, runApplication } from '@tsukimi/core';
import { expect, test } from 'vitest';
import { applicationOf, describeError, rejection } from '../start.js';

const App = applicationOf([]);
const quiet = { configuration: {}, environment: {}, logger: false };

async function failureOf(options: unknown): Promise<string> {
  return describeError(await rejection(createApplication(App, options as never)));
}

const OBJECT = 'an object such as process.env';

test.each<[string, object, string]>([
  ['logger', { logger: null }, "is null. Allowed: pino's options, a logger such as pino(), or false."],
  ['logger', { logger: 'info' }, "is a text of 4 characters. Allowed: pino's options, a logger such as pino(), or false."],
  ['server', { server: null }, "is null. Allowed: an object with Fastify's options: { fastify: { ... } }."],
  ['server.fastify', { server: { fastify: null } }, "is null. Allowed: an object with Fastify's constructor options."],
  ['server.fastify', { server: { fastify: [] } }, "is a list of 0 entries. Allowed: an object with Fastify's constructor options."],
  ['configuration', { configuration: null }, 'is null. Allowed: the path of a file, a file URL, or an object.'],
  ['configuration', { configuration: [] }, 'is a list of 0 entries. Allowed: the path of a file, a file URL, or an object.'],
  ['profile', { profile: 5 }, 'is a number. Allowed: a text.'],
  ['environment', { environment: null }, `is null. Allowed: ${OBJECT}.`],
  ['extensions', { extensions: {} }, 'is an object of 0 keys. Allowed: a list of functions that each make an extension.'],
  ['extensions', { extensions: [{ name: 'x' }] }, 'is a list of 1 entry. Allowed: a list of functions that each make an extension.'],
  ['replace', { replace: null }, 'is null. Allowed: a list of pairs: [[Mailer, fakeMailer]].'],
])('the option %s: %j', async (key, given, message) => {
  expect(await failureOf({ ...quiet, ...given })).toBe(`TSK_ERR_APPLICATION_OPTION: createApplication: the option ${key} ${message}`);
});

test.each<[object, string]>([
  [{ sever: {} }, 'has no option sever. Did you mean server?'],
  [{ server: { fastfy: {} } }, 'has no option server.fastfy. Did you mean server.fastify?'],
  [
    { server: { port: 8000 } },
    'has no option server.port. Known: server.fastify. Set it in the configuration: application.yml, or the option configuration.',
  ],
  [
    { metrics: {} },
    'has no option metrics. Known: configuration, profile, environment, extensions, logger, server, replace. Set it in the configuration: application.yml, or the option configuration.',
  ],
])('an option that there is not: %j', async (given, message) => {
  expect(await failureOf({ ...quiet, ...given })).toBe(`TSK_ERR_APPLICATION_OPTION: createApplication ${message}`);
});

test.each([
  [null, 'null'],
  [5, 'a number'],
  [[], 'a list of 0 entries'],
  [() => {}, 'a function'],
])('%o is no options', async (given, received) => {
  expect(await failureOf(given)).toBe(
    `TSK_ERR_APPLICATION_OPTION: createApplication was given ${received} as its options. Allowed: an object, such as { profile: 'test' }.`,
  );
});

test('what is undefined is as if it were not there', async () => {
  const nothing = { profile: undefined, extensions: undefined, server: undefined, replace: undefined };
  await using app = await createApplication(App, { ...quiet, ...nothing, server: { fastify: undefined } } as never);
  expect((await app.inject('/')).statusCode).toBe(404);
});

test.each<[object, string]>([
  [{ bodylimit: 5 }, "server.fastify has bodylimit, which is no option of Fastify's constructor. Did you mean bodyLimit?"],
  [
    { routerOptions: { ignoreTrailingSlashes: true } },
    "server.fastify has routerOptions.ignoreTrailingSlashes, which is no option of Fastify's constructor. Did you mean routerOptions.ignoreTrailingSlash?",
  ],
  [
    { routerOptions: { maxParamLength: '200' } },
    "server.fastify.routerOptions.maxParamLength is a text of 3 characters. Allowed: a number. Leave it out for Fastify's default.",
  ],
  [{ moon: 5 }, "server.fastify has moon, which is no option of Fastify's constructor. See Fastify's reference of its server options."],
  [{ bodyLimit: '1mb' }, "server.fastify.bodyLimit is a text of 3 characters. Allowed: a number. Leave it out for Fastify's default."],
  [{ ajv: null }, "server.fastify.ajv is null. Allowed: an object. Leave it out for Fastify's default."],
  [{ https: true }, "server.fastify.https is a boolean. Allowed: an object or null. Leave it out for Fastify's default."],
  [{ rewriteUrl: '/x' }, "server.fastify.rewriteUrl is a text of 2 characters. Allowed: a function. Leave it out for Fastify's default."],
  [
    { maxParamLength: 100, bodyLimit: -1 },
    "server.fastify.bodyLimit is a number, which Fastify refuses: 'bodyLimit' option must be an integer > 0. Got '-1'. Give it what Fastify's reference allows, or leave it out.",
  ],
])("Fastify's options: %j", async (fastify, message) => {
  expect(await failureOf({ ...quiet, server: { fastify } })).toBe(`TSK_ERR_WEB_FASTIFY_OPTION: ${message}`);
});

test('runApplication says so in one line', async () => {
  const { exit } = process;
  const { write } = process.stderr;
  const said: string[] = [];
  process.exit = ((code: number) => {
    throw new Error(`exit ${code}`);
  }) as typeof exit;
  process.stderr.write = ((text: string) => said.push(text) > 0) as typeof write;
  try {
    await expect(runApplication(App, { replace: [] } as never)).rejects.toThrow('exit 1');
  } finally {
    process.exit = exit;
    process.stderr.write = write;
  }
  expect(said).toEqual([
    'error TSK_ERR_APPLICATION_OPTION: runApplication has no option replace. Known: configuration, profile, environment, extensions, logger, server.\n',
  ]);
});

const SCAN = "Allowed: the URL of a folder: new URL('.', import.meta.url)";
const FACTORIES = 'Allowed: a list of functions that each make an extension';

test.each<[unknown, string]>([
  [{ extensions: [{}] }, `@Application of Shop: the option extensions is a list of 1 entry. ${FACTORIES}.`],
  [
    { extensions: [{ name: 'x' }, () => ({ name: 'y' })] },
    `@Application of Shop: the option extensions is a list of 2 entries. ${FACTORIES}.`,
  ],
  [{ extensions: {} }, `@Application of Shop: the option extensions is an object of 0 keys. ${FACTORIES}.`],
  [{ name: 5 }, '@Application of Shop: the option name is a number. Allowed: a text.'],
  [{ components: {} }, '@Application of Shop: the option components is an object of 0 keys. Allowed: a list of classes.'],
  [{ scan: '.' }, `@Application of Shop: the option scan is a text of 1 character. ${SCAN}.`],
  [{ scan: new URL('http://localhost/') }, `@Application of Shop: the option scan is an object of 0 keys. ${SCAN}.`],
  [{ extension: [] }, '@Application of Shop has no option extension. Did you mean extensions?'],
  [
    { port: 8000 },
    '@Application of Shop has no option port. Known: name, components, scan, extensions. Set it in the configuration: application.yml, or the option configuration.',
  ],
  [null, "@Application of Shop was given null as its options. Allowed: an object, such as { name: 'shop' }."],
  ['shop', "@Application of Shop was given a text of 4 characters as its options. Allowed: an object, such as { name: 'shop' }."],
])('an option of @Application: %j', async (declaration, message) => {
  class Shop {}
  Application(declaration as never)(Shop);
  const error = await rejection(createApplication(Shop, quiet));
  expect(describeError(error)).toBe(`TSK_ERR_APPLICATION_OPTION: ${message}`);
});
