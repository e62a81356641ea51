/** Every error code has its row in docs/reference/errors.md, and every row its code. */
import { readdirSync } from 'node:fs';
import { CommandError, UsageError } from '@tsukimi/cli';
import { ApplicationError } from '@tsukimi/core';
import { DashboardError } from '@tsukimi/dashboards';
import { InstrumentationError } from '@tsukimi/instrumentation';
import { MetricError } from '@tsukimi/metrics';
import { OpenTelemetryError } from '@tsukimi/opentelemetry';
import { PostgresError } from '@tsukimi/postgres';
import { RedisError } from '@tsukimi/redis';
import { StatsdError } from '@tsukimi/statsd';
import { distance } from 'fastest-levenshtein';
import { expect, test } from 'vitest';
import { projectPath, projectText } from '../support/project.js';

const SOURCES = readdirSync(projectPath('packages')).flatMap((name) =>
  readdirSync(projectPath(`packages/${name}/src`), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `packages/${name}/src/${file}`),
);
/** `errors.ts`, and where a folder has many: `route-errors.ts` beside it. */
const ERRORS = SOURCES.filter((file) => /\/(\w+-)?errors\.ts$/.test(file));
const ROWS = projectText('docs/reference/errors.md')
  .split('\n')
  .filter((line) => line.startsWith('| `TSK_'));

function codesOf(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, code = '']) => code);
}

test('both lists are the same', () => {
  const written = new Set(ERRORS.flatMap((file) => codesOf(projectText(file), /'(TSK_ERR_[A-Z_]+)'/g)));
  expect(written.size).toBeGreaterThan(100);
  expect(codesOf(ROWS.join('\n'), /^\| `(TSK_ERR_[A-Z_]+)` \|/gm).sort()).toEqual([...written].sort());
});

/** Names that end in s and are no plurals. */
const SINGULAR = ['postgres', 'redis'];

/** The name of its folder, or of its package, in the singular: `remote/errors.ts` makes TSK_ERR_REMOTE_... */
function areaOf(file: string): string {
  const [, name = '', , ...path] = file.split('/');
  const folder = path.at(-2) ?? name;
  const one = SINGULAR.includes(folder) ? folder : folder.replace(/ies$/, 'y').replace(/s$/, '');
  return one.replaceAll('-', '_').toUpperCase();
}

test('the area of a code is the folder of an errors.ts that makes it', () => {
  const written = ERRORS.map((file) => [`TSK_ERR_${areaOf(file)}_`, codesOf(projectText(file), /'(TSK_ERR_[A-Z_]+)'/g)] as const);
  const atHome = new Set(written.flatMap(([area, codes]) => codes.filter((code) => code.startsWith(area))));
  expect(written.flatMap(([, codes]) => codes.filter((code) => !atHome.has(code)))).toEqual([]);
});

test('no two areas differ by one letter', () => {
  const areas = [...new Set(ERRORS.map(areaOf))];
  const alike = areas.flatMap((one) => areas.filter((other) => one < other && distance(one, other) < 2).map((other) => [one, other]));
  expect(alike).toEqual([]);
});

test('every row says what happened and how to fix it', () => {
  const incomplete = ROWS.filter((row) => {
    const cells = row.split(/(?<!\\)\|/).slice(1, -1);
    return cells.length !== 3 || cells.some((cell) => cell.trim().length <= 10);
  });
  expect(incomplete).toEqual([]);
});

test('only errors.ts, and such as route-errors.ts beside it, make errors with a code', () => {
  const makers = SOURCES.filter((file) => !ERRORS.includes(file) && /new \w+Error\(\s*'TSK_ERR_/.test(projectText(file)));
  expect(makers).toEqual([]);
});

test.each([
  [InstrumentationError, ApplicationError],
  [OpenTelemetryError, ApplicationError],
  [PostgresError, ApplicationError],
  [RedisError, ApplicationError],
  [StatsdError, ApplicationError],
  [CommandError, ApplicationError],
  [UsageError, ApplicationError],
  [DashboardError, MetricError],
])('%o is one of the two kinds of errors', (type, base) => {
  expect(new type('TSK_ERR_SOME_CODE', 'what')).toBeInstanceOf(base);
});
