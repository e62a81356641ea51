import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { applicationOf, start, startFailure } from '../start.js';

const App = applicationOf([]);
let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tsukimi-'));
  file = join(folder, 'application.yml');
});
afterEach(() => rm(folder, { recursive: true }));

async function get(key: string, options: Parameters<typeof start>[1] = {}) {
  const { configuration } = await start(App, { configuration: file, ...options });
  return [configuration.get(key), configuration.sourceOf(key)];
}

test('the file, then the file of the profile, then the environment: later wins', async () => {
  await writeFile(file, 'mail: { host: one, port: 25, to: [a, b] }\n');
  await writeFile(join(folder, 'application-prod.yml'), 'mail: { host: two, to: [c] }\n');
  const prod = { profile: 'prod' };
  expect(await get('mail.host')).toEqual(['one', 'application.yml']);
  expect(await get('mail.host', prod)).toEqual(['two', 'application-prod.yml']);
  expect(await get('mail.port', prod)).toEqual([25, 'application.yml']);
  expect(await get('mail.to', prod)).toEqual([['c'], 'application-prod.yml']);
  expect(await get('mail.host', { ...prod, environment: { TSUKIMI_MAIL_HOST: 'three' } })).toEqual([
    'three',
    'environment TSUKIMI_MAIL_HOST',
  ]);
  expect(await get('mail.host', { environment: { TSUKIMI_PROFILE: 'prod' } })).toEqual(['two', 'application-prod.yml']);
  expect(await get('server.port', prod)).toEqual([8000, 'default']);
  expect(await get('mail.nothing', prod)).toEqual([undefined, 'default']);
});

test('the file may be given as a URL, and be empty', async () => {
  await writeFile(file, '');
  expect(await get('server.port', { configuration: pathToFileURL(file) })).toEqual([8000, 'default']);
  await writeFile(file, '# nothing yet\n');
  expect(await get('server.port')).toEqual([8000, 'default']);
});

test('an object is taken as it is, and the environment still wins', async () => {
  const options = { configuration: { mail: { host: 'one' } }, profile: 'prod' };
  expect(await get('mail.host', options)).toEqual(['one', 'configuration option']);
  expect(await get('mail.host', { ...options, environment: { TSUKIMI_MAIL_HOST: 'two' } })).toEqual([
    'two',
    'environment TSUKIMI_MAIL_HOST',
  ]);
});

test('an object may have flat keys', async () => {
  const configuration = { 'mail.smtp.host': 'one', mail: { port: 25 }, 'server.port': 0 };
  expect(await get('mail', { configuration })).toEqual([{ smtp: { host: 'one' }, port: 25 }, 'configuration option']);
  expect(await get('server.port', { configuration })).toEqual([0, 'configuration option']);
  expect(await startFailure(App, { configuration: { 'mail.port': 1, mail: { port: 2 } } })).toBe(
    'TSK_ERR_CONFIGURATION_KEY: configuration option: mail.port is set twice, as a flat key and in its namespace. Keep one of the two.',
  );
});

test('a mapping is read with its defaults below and the environment above', async () => {
  await writeFile(file, 'scheduler:\n');
  expect(await get('scheduler')).toEqual([{ enabled: true }, 'application.yml']);
});

test('keys that look like parts of a prototype are keys', async () => {
  await writeFile(file, 'mail: { __proto__: { polluted: true }, constructor: x }\n');
  expect(await get('mail.polluted')).toEqual([undefined, 'default']);
  expect(await get('mail.constructor')).toEqual(['x', 'application.yml']);
  expect(await get('mail.toString')).toEqual([undefined, 'default']);
  expect(Reflect.get({}, 'polluted')).toBeUndefined();
});

test('a missing file names the path and the two ways out', async () => {
  expect(await startFailure(App, { configuration: file })).toBe(
    `TSK_ERR_CONFIGURATION_MISSING: There is no configuration file at ${file}. Create the file (it can be empty), or pass the option configuration.`,
  );
});

test('without the option, application.yml of the working directory is read', async () => {
  const { createApplication } = await import('@tsukimi/core');
  await expect(createApplication(App, { environment: {} })).rejects.toThrow(
    `There is no configuration file at ${join(process.cwd(), 'application.yml')}.`,
  );
});

test('a folder in place of the file, and a file that cannot be read', async () => {
  await mkdir(file);
  expect(await startFailure(App, { configuration: file })).toBe(
    `TSK_ERR_CONFIGURATION_UNREADABLE: The configuration file ${file} cannot be read (EISDIR). It is a folder; replace it with a file.`,
  );
  const loop = join(folder, 'loop.yml');
  await symlink(loop, loop);
  expect(await startFailure(App, { configuration: loop })).toBe(
    `TSK_ERR_CONFIGURATION_UNREADABLE: The configuration file ${loop} cannot be read (ELOOP). Give the user that runs this program permission to read it.`,
  );
});

test.each([
  ['server:\n\tport: 1\n', 'line 2, column 1: Tabs are not allowed as indentation. Indent with spaces.'],
  ['server:\n  port: 1\n  port: 2\n', 'line 3, column 3: Map keys must be unique. Keep one of the two.'],
  [
    'server: { port: 1\n',
    'line 2, column 1: The indentation is wrong, or a bracket is not closed. Correct the indentation, or close the bracket.',
  ],
  [
    'a: 1\n---\nb: 2\n',
    'line 2, column 1: Source contains multiple documents. Keep one document: remove the line "---" and everything after it.',
  ],
  [
    'server: "open\n',
    'line 2, column 1: A character is missing: a quote, a bracket, a comma, a colon, or the space after one. Correct that line.',
  ],
])('broken YAML: %o', async (text, expected) => {
  await writeFile(file, text);
  expect(await startFailure(App, { configuration: file })).toBe(`TSK_ERR_CONFIGURATION_SYNTAX: ${file}, ${expected}`);
});

test('an alias without an anchor is a mistake in the file too', async () => {
  await writeFile(file, 'a: *b\n');
  expect(await startFailure(App, { configuration: file })).toMatch(/^TSK_ERR_CONFIGURATION_SYNTAX: .*application\.yml.*: .*b/);
});

test.each([
  ['- a\n', 'a list'],
  ['just text\n', 'string'],
])('a root that is no mapping: %o', async (text, seen) => {
  await writeFile(file, text);
  expect(await startFailure(App, { configuration: file })).toBe(
    `TSK_ERR_CONFIGURATION_ROOT: ${file} contains ${seen}, not a mapping. Write namespaces with keys below them, such as "server:" and, indented, "port: 8000".`,
  );
});

test('an unknown profile lists those that exist', async () => {
  await writeFile(file, '');
  const prodFile = join(folder, 'application-prd.yml');
  const failure = () => startFailure(App, { configuration: file, environment: { TSUKIMI_PROFILE: 'prd' } });
  expect(await failure()).toBe(
    `TSK_ERR_CONFIGURATION_PROFILE: The profile "prd" has no file ${prodFile}. There are no profiles yet. Create the file, or set TSUKIMI_PROFILE to another profile.`,
  );
  await writeFile(join(folder, 'application-test.yml'), '');
  await writeFile(join(folder, 'application-prod.yml'), '');
  expect(await failure()).toContain('Profiles that exist: prod, test.');
});

test('a profile is a name, not a path', async () => {
  await writeFile(file, '');
  await writeFile(join(folder, 'secret.yml'), 'a: 1\n');
  expect(await startFailure(App, { configuration: file, profile: 'x/../../secret' })).toContain('TSK_ERR_CONFIGURATION_PROFILE');
});
