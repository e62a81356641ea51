/** What a YAML file says beyond its values: texts of scalars, flat keys, tags, placeholders, aliases. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Configuration, Provider, Value } from '@tsukimi/core';
import { Type } from 'typebox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applicationOf, start, startFailure } from '../start.js';

const App = applicationOf([]);
let folder: string;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tsukimi-'));
  file = join(folder, 'application.yml');
});
afterAll(() => rm(folder, { recursive: true }));

async function configurationOf(text: string) {
  await writeFile(file, text);
  return (await start(App, { configuration: file })).configuration;
}

async function failureOf(text: string): Promise<string> {
  await writeFile(file, text);
  return (await startFailure(App, { configuration: file })).replace(folder, '.');
}

/** What a parameter of this emitted type gets from `@Value('${a.v}')`. */
async function injected(text: string, type: unknown): Promise<unknown> {
  class Holder {
    hold(value: unknown): { value: unknown } {
      return { value };
    }
  }
  Reflect.defineMetadata('design:paramtypes', [type], Holder.prototype, 'hold');
  Value('${a.v}')(Holder.prototype, 'hold', 0);
  Provider({ token: 'holder' })(Holder.prototype, 'hold');
  Configuration()(Holder);
  await writeFile(file, `a: { v: ${text} }\n`);
  return (await start(applicationOf([Holder]), { configuration: file })).resolve<{ value: unknown }>('holder').value;
}

const TEXTS = [
  '1234e5',
  '0049123',
  '1.10',
  '0x1F',
  '0o17',
  '1_000',
  '2026-11-27',
  '2026-11-27T10:00:00Z',
  'yes',
  'no',
  'on',
  'True',
  '+1',
  '-0',
  '.5',
  '1.',
  '12345678901234567890123',
  '1e400',
  '.inf',
  '0b11',
  '190:20:30',
];

test.each(TEXTS)('%s is a text where a text is asked for, digit by digit', async (text) => {
  expect(await injected(text, String)).toBe(text);
  const configuration = await configurationOf(`a: { v: ${text}, list: [${text}, "${text}"], map: { k: ${text} }, maybe: ${text} }\n`);
  const schema = Type.Object({
    v: Type.String(),
    list: Type.Array(Type.String()),
    map: Type.Record(Type.String(), Type.String()),
    maybe: Type.Union([Type.Null(), Type.String()]),
  });
  expect(configuration.namespace('a', schema)).toEqual({ v: text, list: [text, text], map: { k: text }, maybe: text });
});

test.each<[string, unknown, string]>([
  ['[1.10, 2]', Array, 'a.v[0]'],
  ['[2, 0049]', Array, 'a.v[1]'],
  ['[1234e5]', Array, 'a.v[0]'],
  ['[[1], [a, 0x1F]]', Array, 'a.v[1][1]'],
  ['[{ version: 1.10 }]', Array, 'a.v[0].version'],
  ['{ version: 1.10 }', Object, 'a.v.version'],
  ['{ deep: { list: [1, 1e3] } }', undefined, 'a.v.deep.list[1]'],
  ['12345678901234567890', Object, 'a.v'],
  ['1.10', undefined, 'a.v'],
])('%s as %o: nothing tells whether a text is meant, and a number would lose digits', async (text, type, key) => {
  await expect(injected(text, type)).rejects.toThrow(
    `Holder.hold(): parameter 1 (value) gets ${key}, which is written as a number whose text would be lost (application.yml:1), as in 1.10 or 0049, and the type of the parameter doesn't say which is meant. Put it in quotes for the text, or write the number in its shortest form: 1.1, 49.`,
  );
});

test.each<[string, unknown, unknown]>([
  ['["1.10", \'0049\']', Array, ['1.10', '0049']],
  ['[1.5, -2, 0, 1e+21, abc, 1.2.3, true, True, null]', Array, [1.5, -2, 0, 1e21, 'abc', '1.2.3', true, true, null]],
  ['{ a: 1.5, b: "1.10" }', Object, { a: 1.5, b: '1.10' }],
])('%s as %o loses nothing', async (text, type, value) => {
  expect(await injected(text, type)).toEqual(value);
});

test('a schema says it for lists, records and what is nested', async () => {
  const configuration = await configurationOf('x: { list: [1.10, 0049], map: { a: 1234e5 }, deep: [[{ v: 0x1F }]], n: [1.10] }\n');
  const texts = Type.Array(Type.Array(Type.Object({ v: Type.String() })));
  const schema = Type.Object({
    list: Type.Array(Type.String()),
    map: Type.Record(Type.String(), Type.String()),
    deep: texts,
    n: Type.Array(Type.Number()),
  });
  expect(configuration.namespace('x', schema)).toEqual({ list: ['1.10', '0049'], map: { a: '1234e5' }, deep: [[{ v: '0x1F' }]], n: [1.1] });
});

test('a piece of a text keeps its digits too', async () => {
  @Configuration()
  class Holder {
    constructor(@Value('v${app.version}+${a.build}') readonly version: string) {}
  }
  await writeFile(file, 'app: { version: 1.10 }\na: { build: 007 }\n');
  expect((await start(applicationOf([Holder]), { configuration: file })).resolve(Holder).version).toBe('v1.10+007');
});

test.each([
  ['0x1F', 31],
  ['0049', 49],
  ['1.10', 1.1],
  ['.5', 0.5],
  ['1234e5', 123_400_000],
])('%s is the number %d where a number is asked for', async (text, number) => {
  expect(await injected(text, Number)).toBe(number);
  expect((await configurationOf(`a: { v: ${text} }\n`)).namespace('a', Type.Object({ v: Type.Number() }))).toEqual({ v: number });
  const either = Type.Object({ v: Type.Union([Type.String(), Type.Number()]) });
  expect((await configurationOf(`a: { v: ${text} }\n`)).namespace('a', either)).toEqual({ v: number });
});

test.each(['9007199254740993', '.inf', '1e400', '1_000', 'yes'])('%s is no number', async (text) => {
  await expect(injected(text, Number)).rejects.toThrow('is declared as number, but a.v is ');
  const configuration = await configurationOf(`a: { v: ${text} }\n`);
  expect(() => configuration.namespace('a', Type.Object({ v: Type.Number() }))).toThrow(' is not a number (application.yml:1)');
});

test('null is no text', async () => {
  for (const text of ['null', '~', '']) {
    await expect(injected(text, String)).rejects.toThrow('is declared as string, but a.v is null');
  }
});

test('flat keys are keys of their namespace', async () => {
  const configuration = await configurationOf(
    'server.port: 0\nmail.smtp.host: one\nmail: { port: 25 }\n"mail.to": [a]\nserver: { host: 127.0.0.1 }\nscheduler:\nscheduler.enabled: false\n',
  );
  expect(configuration.get('mail')).toEqual({ smtp: { host: 'one' }, port: 25, to: ['a'] });
  expect(configuration.get('server.port')).toBe(0);
  expect(configuration.get('scheduler.enabled')).toBe(false);
  expect(configuration.placeOf('mail.smtp.host')).toBe('application.yml:2');
  expect(configuration.placeOf('mail.to[0]')).toBe('application.yml:4');
});

test('further down, a dot is part of a name; so is one with nothing beside it', async () => {
  const configuration = await configurationOf('hosts: { example.org: 1 }\n.anchors: &a { b: 2 }\nmail: *a\n');
  expect(configuration.get('hosts')).toEqual({ 'example.org': 1 });
  expect(configuration.get('mail')).toEqual({ b: 2 });
});

test.each([
  ['server.port: 1\nserver: { port: 2 }\n', 'line 2: server.port is set twice, as a flat key and in its namespace. Keep one of the two.'],
  ['server: { port: 1 }\nserver.port: 1\n', 'line 2: server.port is set twice'],
  ['server: 5\nserver.port: 1\n', 'line 1: server is set twice'],
  ['a.b: 1\na.b.c: 2\n', 'line 1: a.b is set twice'],
  ['metrics.allowed_ips.: []\n', 'application.yml: the key metrics.allowed_ips. has a stray dot. Write metrics.allowed_ips.'],
  ['.metrics.port: 1\n', 'the key .metrics.port has a stray dot. Write metrics.port.'],
  ['metrics..port: 1\n', 'Write metrics.port.'],
  ['mail.: 1\n', 'Write the key without it.'],
  ['a.b[0]: 1\n', 'application.yml: the flat key a.b[0] is one entry of a list. Write the whole list: a.b: [a, b].'],
])('keys that contradict each other stop the start: %j', async (text, message) => {
  const failure = await failureOf(text);
  expect(failure).toMatch(/^TSK_ERR_CONFIGURATION_KEY: /);
  expect(failure).toContain(message);
});

const SYNTAX: readonly (readonly [string, string])[] = [
  [
    'a: 1\nb: !vault x\n',
    'line 2, column 4: The file contains a tag that Tsukimi does not support. Remove the tag; a secret belongs in an environment variable.',
  ],
  ['a: !secret\n  b: 1\n', 'line 1, column 4: The file contains a tag'],
  ['a: [!env X]\n', 'line 1, column 5: The file contains a tag'],
  ['a: !!binary aGk=\n', 'line 1, column 4: The file contains a tag'],
  ['a: !!set {x, y}\n', 'The file contains a tag'],
  ['a: !!timestamp 2026-11-27\n', 'line 1, column 4: The file contains a tag'],
  ['!app\na: 1\n', 'line 1, column 1: The file contains a tag'],
  ['!key a: 1\n', 'line 1, column 1: The file contains a tag'],
  [
    'a: 1\nb: ${B}\n',
    'line 2, column 4: The value holds ${...}, and Tsukimi does not substitute variables in files. Set the environment variable of the key instead (TSUKIMI_MAIL_PASSWORD for mail.password), or write $${...} for the text itself.',
  ],
  ['a: "x${B:-c}y"\n', 'line 1, column 4: The value holds ${...}'],
  ["a: ['${B}']\n", 'line 1, column 5: The value holds ${...}'],
  ['a: |\n  ${B}\n', 'line 1, column 4: The value holds ${...}'],
  ['a: &x ${B}\nb: *x\n', 'The value holds ${...}'],
  ['a: *x\n', 'line 1, column 4: An alias (*name) has no anchor (&name) before it.'],
  ['a: &x { b: *x }\n', 'An alias refers to a value that contains it'],
  ['<<: 5\na: 1\n', 'A merge key (<<) has a value that is not a mapping'],
  [bomb(), 'Aliases expand excessively'],
  ['? [a]\n: 1\n', 'line 1, column 3: A key is a list or a mapping. Use a text as the key.'],
  ['%FOO\n---\na: 1\n', 'The file contains a directive that YAML does not define'],
  ['a: 1\na: 2\n', 'line 2, column 1: Map keys must be unique.'],
  ['a:\n\tb: 1\n', 'line 2, column 1: Tabs are not allowed'],
  ['a: 1\n...\n---\nb: 2\n', 'Source contains multiple documents'],
];

test.each(SYNTAX)('%j stops the start', async (text, message) => {
  const failure = await failureOf(text);
  expect(failure).toMatch(/^TSK_ERR_CONFIGURATION_SYNTAX: \.\/application\.yml, line \d+, column \d+: /);
  expect(failure).toContain(message);
});

test('a placeholder as text, aliases, merge keys and the tags of YAML itself work', async () => {
  const configuration = await configurationOf(
    'a: $${B} and ${ and $C\nb: &b { x: 1, y: 2 }\nc: { <<: *b, y: 3 }\nd: !!str 0049\ne: [*b]\nf: !!int "7"\n',
  );
  expect(configuration.get('a')).toBe('${B} and ${ and $C');
  expect(configuration.get('c')).toEqual({ x: 1, y: 3 });
  expect(configuration.get('d')).toBe('0049');
  expect(configuration.get('e')).toEqual([{ x: 1, y: 2 }]);
  expect(configuration.get('f')).toBe(7);
  expect(configuration.placeOf('c.x')).toBe('application.yml:2');
  expect(configuration.placeOf('c.y')).toBe('application.yml:3');
});

function bomb(): string {
  const levels = Array.from({ length: 9 }, (_, level) => `l${level + 1}: &l${level + 1} [${Array(9).fill(`*l${level}`).join(', ')}]`);
  return `l0: &l0 [x]\n${levels.join('\n')}\n`;
}
