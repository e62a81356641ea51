/** Every source file has a test of its own name, or the table says what tests it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';
import { projectPath } from '../support/project.js';
import { ONLY_TYPES, REASONS, TESTED_BY } from './mirrors.js';

/** `core/web/listen`, for every source file. */
const SOURCES = readdirSync(projectPath('packages')).flatMap((name) =>
  readdirSync(projectPath(`packages/${name}/src`), { recursive: true, encoding: 'utf8' })
    .filter((file) => /(?<!\.d)\.tsx?$/.test(file))
    .map((file) => `${name}/${file.replace(/\.tsx?$/, '')}`),
);

function testPath(source: string): string {
  const [name = '', ...path] = source.split('/');
  return `packages/${name}/test/${path.join('/')}`;
}

/** A test of the same name, or a folder of tests. */
function hasMirror(source: string): boolean {
  const path = projectPath(testPath(source));
  return existsSync(`${path}.test.ts`) || (existsSync(path) && readdirSync(path).some((file) => file.endsWith('.test.ts')));
}

function sourceText(source: string): string {
  const [name = '', ...path] = source.split('/');
  return readFileSync(projectPath(`packages/${name}/src/${path.join('/')}.ts`), 'utf8');
}

/** Whether nothing of a file is left when it is compiled. */
function hasOnlyTypes(source: string): boolean {
  const { program } = parseSync('source.ts', sourceText(source));
  return program.body.every((statement) => {
    if (statement.type === 'ImportDeclaration' || statement.type === 'ExportNamedDeclaration') {
      const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration?.type : undefined;
      const kind = statement.type === 'ImportDeclaration' ? statement.importKind : statement.exportKind;
      return kind === 'type' || declared === 'TSInterfaceDeclaration' || declared === 'TSTypeAliasDeclaration';
    }
    return statement.type === 'TSInterfaceDeclaration' || statement.type === 'TSTypeAliasDeclaration';
  });
}

const LISTED = [...Object.values(TESTED_BY).flat(), ...Object.keys(REASONS), ...ONLY_TYPES];

describe('a source file', () => {
  it('has a test of its own name, or is in the table', () => {
    expect(SOURCES.filter((source) => !hasMirror(source) && !LISTED.includes(source))).toEqual([]);
  });

  it('is in the table once, and only if it exists and has no such test', () => {
    expect(LISTED.filter((source, index) => LISTED.indexOf(source) !== index)).toEqual([]);
    expect(LISTED.filter((source) => !SOURCES.includes(source) || hasMirror(source))).toEqual([]);
  });
});

describe('the table', () => {
  it('names tests that exist', () => {
    expect(Object.keys(TESTED_BY).filter((test) => !existsSync(projectPath(`${test}.test.ts`)))).toEqual([]);
  });

  it('says "only types" of files without code', () => {
    expect(ONLY_TYPES.filter((source) => !hasOnlyTypes(source))).toEqual([]);
  });
});
