/** Every option has one name, and docs/reference/configuration.md shows it as variable, as key and as option in code. */
import { AppSchema, HealthSchema, LoggingSchema, SchedulerSchema, ServerSchema } from '@tsukimi/core';
import { InstrumentationSchema, MetricsSchema } from '@tsukimi/instrumentation';
import { parseSync } from 'oxc-parser';
import { expect, test } from 'vitest';
import { projectText } from '../support/project.js';

const NAMESPACES = {
  app: AppSchema,
  server: ServerSchema,
  scheduler: SchedulerSchema,
  logging: LoggingSchema,
  health: HealthSchema,
  instrumentation: InstrumentationSchema,
  metrics: MetricsSchema,
};

/** What takes options in code: where its interface is, and those of its options that are no keys. */
const TAKERS = {
  httpInstrumentation: {
    file: 'packages/instrumentation/src/plugin/plugin-options.ts',
    options: 'HttpInstrumentationOptions',
    codeOnly: ['registry', 'console', 'profile', 'processMetrics', 'requestContext', 'requestLabels'],
  },
  'new MetricsRegistry': { file: 'packages/metrics/src/registry-options.ts', options: 'RegistryOptions', codeOnly: ['clock', 'onError'] },
};

const ROWS = [...projectText('docs/reference/configuration.md').matchAll(/^\| `(TSUKIMI_[A-Z_]+)` \| `([a-z_.]+)` \| (.*) \|$/gm)].map(
  ([, variable = '', key = '', code = '']) => ({ variable, key, code }),
);

function keysOf(path: string, schema: object): string[] {
  const properties: unknown = Reflect.get(schema, 'properties');
  if (typeof properties !== 'object' || properties === null) return [path];
  return Object.entries(properties).flatMap(([key, inner]: [string, object]) => keysOf(`${path}.${key}`, inner));
}

function membersOf(file: string, name: string): string[] {
  const { program } = parseSync(file, projectText(file));
  const declarations = program.body.flatMap((each) =>
    each.type === 'ExportNamedDeclaration' && each.declaration ? [each.declaration] : [],
  );
  const found = declarations.find((each) => each.type === 'TSInterfaceDeclaration' && each.id.name === name);
  if (found?.type !== 'TSInterfaceDeclaration') throw new Error(`${file} has no interface ${name}`);
  return found.body.body.flatMap((member) =>
    member.type === 'TSPropertySignature' && member.key.type === 'Identifier' ? [member.key.name] : [],
  );
}

const camelCase = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

test('the table lists all keys with their variables', () => {
  const keys = Object.entries(NAMESPACES).flatMap(([namespace, schema]) => keysOf(namespace, schema));
  expect(ROWS.map(({ variable, key }) => [variable, key])).toEqual(
    keys.map((key) => [`TSUKIMI_${key.toUpperCase().replaceAll('.', '_')}`, key]),
  );
});

test('in code, an option is called by the last part of its key', () => {
  const options = ROWS.filter(({ code }) => code !== 'none');
  expect(options.map(({ code }) => /\{ (\w+) \}/.exec(code)?.[1])).toEqual(
    options.map(({ key }) => camelCase(key.slice(key.lastIndexOf('.') + 1))),
  );
});

test.each(Object.entries(TAKERS))('the table has every option of %s that is a key', (taker, { file, options, codeOnly }) => {
  const called = new RegExp(`\`${taker}\\(\\{ (\\w+) \\}\\)\``);
  const documented = ROWS.flatMap(({ code }) => called.exec(code)?.[1] ?? []);
  expect([...documented, ...codeOnly].sort()).toEqual(membersOf(file, options).sort());
});
