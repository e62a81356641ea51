/** What the doctor sees in package.json, tsconfig.json and what is installed. */
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { healthyText, projectFolder } from '../support/project-folder.js';
import { findingsIn, findingsWith, inShort } from './support.js';

const packageJson = (changes: Readonly<Record<string, unknown>>) => ({
  'package.json': JSON.stringify({ ...JSON.parse(healthyText('package.json')), ...changes }, null, 2),
});
const flags = (compilerOptions: Readonly<Record<string, unknown>>, more: Readonly<Record<string, unknown>> = {}) =>
  JSON.stringify({ compilerOptions, include: ['src'], ...more }, null, 2);
const BOTH = { experimentalDecorators: true, emitDecoratorMetadata: true };

describe('decorator-flags', () => {
  it('finds each flag that is missing or false, where it stands', async () => {
    const findings = await findingsWith({ 'tsconfig.json': flags({ strict: true, emitDecoratorMetadata: false }) });
    expect(inShort(findings)).toEqual(['error decorator-flags tsconfig.json:2', 'error decorator-flags tsconfig.json:4']);
    expect(findings.map(({ fix }) => fix)).toEqual([
      'Set "experimentalDecorators": true in compilerOptions.',
      'Set "emitDecoratorMetadata": true in compilerOptions.',
    ]);
  });

  it('follows extends, through files, lists and packages', async () => {
    const healthy = {
      'tsconfig.json': flags({}, { extends: ['./tsconfig.base.json', '@moon/tsconfig/node.json'] }),
      'tsconfig.base.json': '{ "compilerOptions": { "experimentalDecorators": true } } // one\n',
      'node_modules/@moon/tsconfig/package.json': '{ "name": "@moon/tsconfig" }',
      'node_modules/@moon/tsconfig/node.json': '{ "compilerOptions": { "emitDecoratorMetadata": true } }',
    };
    expect(await findingsWith(healthy)).toEqual([]);
    const findings = await findingsWith({ ...healthy, 'tsconfig.base.json': '{}' });
    expect(inShort(findings)).toEqual(['error decorator-flags tsconfig.json:2']);
  });

  it('follows references, and looks only at what compiles decorated classes', async () => {
    const findings = await findingsWith({
      'tsconfig.json': JSON.stringify({ files: [], references: [{ path: './src' }, { path: './tsconfig.scripts.json' }] }),
      'src/tsconfig.json': JSON.stringify({ compilerOptions: { ...BOTH, emitDecoratorMetadata: false } }),
      'tsconfig.scripts.json': JSON.stringify({ include: ['scripts'] }),
      'scripts/release.ts': 'export {};\n',
    });
    expect(inShort(findings)).toEqual(['error decorator-flags src/tsconfig.json:1']);
  });

  it('reports that the file is missing or unreadable', async () => {
    expect(inShort(await findingsWith({ 'tsconfig.json': null }))).toEqual(['error decorator-flags tsconfig.json']);
    const missing = await findingsWith({ 'tsconfig.json': '{ "extends": "./nowhere.json" }' });
    expect(inShort(missing)).toEqual(['error decorator-flags tsconfig.json:1']);
    expect(missing[0]?.what).toContain('nowhere.json');
  });
});

describe('tools-without-metadata', () => {
  it.each([
    ['tsx', 'tsx src/main.ts'],
    ['tsx', 'node --env-file=.env --import tsx src/main.ts'],
    ['esbuild', 'npm run check && esbuild src/main.ts --bundle --outdir=dist'],
    ['node with type stripping', 'node --watch src/main.ts'],
    ['vitest', 'vitest run'],
    ['vite', 'vite build'],
  ])('finds %s in "%s"', async (tool, start) => {
    const findings = await findingsWith(packageJson({ scripts: { build: 'tsc -b', start } }));
    expect(inShort(findings)).toEqual(['error tools-without-metadata package.json:9']);
    expect(findings[0]?.what).toBe(
      `The script start uses ${tool}, which emits no decorator metadata, but the constructor of OrderService has a parameter without @Inject.`,
    );
  });

  it.each([
    [
      'a configuration emits it',
      {
        ...packageJson({ scripts: { test: 'vitest' } }),
        'vitest.config.ts': 'export default { oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } } };',
      },
    ],
    ['every parameter has @Inject', { ...packageJson({ scripts: { start: 'tsx src/main.ts' } }), 'src/order-service.ts': null }],
    [
      'a script only looks like it',
      packageJson({ scripts: { start: 'node dist/tsx.js', lint: 'biome check --config-path=vite.json', build: 'tsc -b' } }),
    ],
  ])('says nothing where %s', async (_, changes) => {
    expect(await findingsWith(changes)).toEqual([]);
  });
});

describe('module-type', () => {
  it.each([
    [undefined, 1, 'package.json has no "type"'],
    ['commonjs', 3, '"type" is "commonjs"'],
  ])('finds %s', async (type, line, said) => {
    const findings = await findingsWith(packageJson({ type }));
    expect(inShort(findings)).toEqual([`error module-type package.json:${line}`]);
    expect(findings[0]?.what).toContain(said);
  });
});

describe('node-version', () => {
  it.each(['>=18', '>=20', '18.x', '^18 || ^20', '>=20.0.0 <21', '*'])('warns of engines.node %j', async (node) => {
    expect(inShort(await findingsWith(packageJson({ engines: { node } })))).toEqual(['warning node-version package.json:5']);
  });

  it.each(['>=20.19', '>=20.19.0', '^20.19.0 || >=22.12.0', '^22', '22.x', '20', '20.x', 'no range'])(
    'is content with %j',
    async (node) => {
      expect(await findingsWith(packageJson({ engines: { node } }))).toEqual([]);
    },
  );

  it('reads images and version files', async () => {
    const findings = await findingsWith({
      Dockerfile: 'FROM --platform=linux/amd64 docker.io/library/node:18-alpine AS build\nFROM node:20.20.2-bookworm-slim\nFROM nginx:1\n',
      '.nvmrc': 'v20.11\n',
      '.node-version': 'lts/*\n',
    });
    expect(inShort(findings)).toEqual(['error node-version .nvmrc:1', 'error node-version Dockerfile:1']);
  });
});

describe('node-version, in a Dockerfile', () => {
  it('finds every image that is too old, where it stands', async () => {
    const findings = await findingsWith({ Dockerfile: '# FROM node:18 was here.\nFROM node:18 AS build\nFROM node:18\n' });
    expect(inShort(findings)).toEqual(['error node-version Dockerfile:2', 'error node-version Dockerfile:3']);
  });
});

describe('duplicate-packages', () => {
  const installed = (name: string, version: string, more: Readonly<Record<string, unknown>> = {}) =>
    JSON.stringify({ name, version, ...more });

  it('finds the copies that are loaded, and who asks for them', async () => {
    const findings = await findingsWith({
      ...packageJson({ dependencies: { tsukimi: '*', orm: '*', 'reflect-metadata': '*' } }),
      'node_modules/reflect-metadata/package.json': installed('reflect-metadata', '0.2.2'),
      'node_modules/tsukimi/package.json': installed('tsukimi', '0.1.0', { dependencies: { 'reflect-metadata': '^0.2.2' } }),
      'node_modules/orm/package.json': installed('orm', '9.0.0', { dependencies: { 'reflect-metadata': '^0.1.13' } }),
      'node_modules/orm/node_modules/reflect-metadata/package.json': installed('reflect-metadata', '0.1.14'),
      'node_modules/unused/node_modules/reflect-metadata/package.json': installed('reflect-metadata', '0.1.10'),
    });
    expect(inShort(findings)).toEqual([expect.stringMatching(/^error duplicate-packages package\.json:\d+$/)]);
    expect(findings[0]?.what).toContain('There are 2 copies of reflect-metadata: ');
    expect(findings[0]?.what).toContain('0.1.14 in node_modules/orm/node_modules/reflect-metadata (for orm)');
    expect(findings[0]?.what).toMatch(/0\.2\.2 in node_modules\/reflect-metadata \(for (the project, tsukimi|tsukimi, the project)\)/);
  });

  it('only warns of copies of reflect-metadata that find each other', async () => {
    const findings = await findingsWith({
      ...packageJson({ dependencies: { orm: '*', 'reflect-metadata': '*' } }),
      'node_modules/reflect-metadata/package.json': installed('reflect-metadata', '0.2.2'),
      'node_modules/orm/package.json': installed('orm', '9.0.0', { dependencies: { 'reflect-metadata': '0.2.1' } }),
      'node_modules/orm/node_modules/reflect-metadata/package.json': installed('reflect-metadata', '0.2.1'),
    });
    expect(inShort(findings)).toEqual([expect.stringMatching(/^warning duplicate-packages package\.json:/)]);
  });

  it('only warns of two prom-clients', async () => {
    const findings = await findingsWith({
      ...packageJson({ dependencies: { 'prom-client': '*', pool: '*' } }),
      'node_modules/prom-client/package.json': installed('prom-client', '15.1.3'),
      'node_modules/pool/package.json': installed('pool', '1.0.0', { peerDependencies: { 'prom-client': '*' } }),
      'node_modules/pool/node_modules/prom-client/package.json': installed('prom-client', '14.2.0'),
    });
    expect(inShort(findings)).toEqual([expect.stringMatching(/^warning duplicate-packages package\.json:/)]);
  });

  it('takes one copy behind several links for one', async () => {
    const folder = await projectFolder({
      ...packageJson({ dependencies: { a: '*', tsyringe: '*' } }),
      'node_modules/.store/tsyringe/package.json': installed('tsyringe', '4.10.0'),
      'node_modules/.store/a/package.json': installed('a', '1.0.0', { dependencies: { tsyringe: '*', a: '*' } }),
    });
    await symlink(join(folder, 'node_modules/.store/tsyringe'), join(folder, 'node_modules/tsyringe'));
    await symlink(join(folder, 'node_modules/.store/a'), join(folder, 'node_modules/a'));
    await mkdir(join(folder, 'node_modules/.store/a/node_modules'));
    await symlink('../../tsyringe', join(folder, 'node_modules/.store/a/node_modules/tsyringe'));
    expect(await findingsIn(folder)).toEqual([]);
  });
});
