/** Applications work where the build tool emits no decorator metadata, and a start that cannot says so. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Class } from '@tsukimi/core';
import { transform } from 'esbuild';
import { expect, onTestFinished, test } from 'vitest';
import { startNodeProgram } from '../../../../test/support/child-process.js';
import { codeBlocksOf } from '../../../../test/support/markdown.js';
import { projectText } from '../../../../test/support/project.js';
import { applicationOf, describeError, start, startFailure } from '../start.js';
import * as emitted from './fixtures/orders.js';
import { visit } from './fixtures/visit.js';

const FIXTURES = new URL('./fixtures/', import.meta.url);
/** The tsconfig.json that the reference shows. */
const [DOCUMENTED = ''] = codeBlocksOf(projectText('docs/reference/components.md')).flatMap(({ language, code }) =>
  language === 'json' ? [code] : [],
);
const STANDARD = '{ "compilerOptions": { "target": "es2022" } }';

const ANSWERS = [
  '201 {"id":1,"amount":5,"at":"noon in UTC"}',
  '400 {"statusCode":400,"error":"Bad Request","message":"body/amount must be number","code":"TSK_ERR_WEB_REQUEST_INVALID","field":"amount","errors":[{"in":"body","field":"amount","message":"must be number"}]}',
  '200 [{"id":1,"amount":5}]',
  '400 {"statusCode":400,"error":"Bad Request","message":"querystring/most must be integer","code":"TSK_ERR_WEB_REQUEST_INVALID","field":"most","errors":[{"in":"querystring","field":"most","message":"must be integer"}]}',
  '200 {"id":7,"accept":"application/json","url":"/orders/7"}',
  '200 {"name":"moon"}',
];
const EVENTS = ['started with number 2', 'tidied', 'stopped'];

const UNMARKED =
  'TSK_ERR_COMPONENT_PARAMETER_TYPE: Accounts: constructor parameter 2 (ledger) has no type, because the compiler emitted none. Build with a compiler that emits decorator metadata (tsc with "emitDecoratorMetadata": true; esbuild and tsx do not), or add @Inject(Token).';

/** Imports what esbuild makes of some TypeScript. */
async function transformed(code: string, tsconfigRaw: string): Promise<Record<string, unknown>> {
  const { code: javascript } = await transform(code, { loader: 'ts', format: 'esm', target: 'es2022', tsconfigRaw });
  expect(javascript).not.toContain('design:paramtypes');
  const file = fileURLToPath(new URL(`./transformed-${crypto.randomUUID()}.mjs`, FIXTURES));
  onTestFinished(() => rm(file));
  await writeFile(file, javascript);
  return await import(/* @vite-ignore */ file);
}

const fixture = (name: string): Promise<string> => readFile(new URL(name, FIXTURES), 'utf8');

async function startTsx(file: string, args: readonly string[] = []) {
  const folder = await mkdtemp(join(tmpdir(), 'tsukimi-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  // tsx applies a tsconfig.json to the files it includes only.
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ ...JSON.parse(DOCUMENTED), include: [fileURLToPath(FIXTURES)] }));
  return startNodeProgram(fileURLToPath(new URL(file, FIXTURES)), {
    cwd: folder,
    args,
    environment: { NODE_OPTIONS: `--import=${import.meta.resolve('tsx')} --conditions=@tsukimi/source` },
  });
}

test('with emitted metadata, to compare', async () => {
  expect(await visit(emitted.App)).toEqual(ANSWERS);
  expect(emitted.events).toEqual(EVENTS);
});

test('through tsx', async () => {
  await using program = await startTsx('program.ts');
  await program.exited;
  expect(program.output.stderr).toBe('');
  expect(JSON.parse(program.output.stdout)).toEqual({ answers: ANSWERS, events: EVENTS });
});

test('through tsx, a parameter that has neither type nor decorator is one line that names it', async () => {
  await using program = await startTsx('unmarked.ts', ['run']);
  expect(await program.exited).toEqual({ code: 1, signal: null });
  expect(program.output).toEqual({ stdout: '', stderr: `error ${UNMARKED}\n` });
});

test("through esbuild's transform", async () => {
  const { App, events } = await transformed(await fixture('orders.ts'), DOCUMENTED);
  expect(await visit(App as Class)).toEqual(ANSWERS);
  expect(events).toEqual(EVENTS);
});

test("through esbuild's transform, a parameter that has neither type nor decorator is named", async () => {
  const { App } = await transformed(await fixture('unmarked.ts'), DOCUMENTED);
  expect(await startFailure(App as Class)).toBe(UNMARKED);
});

const FIXES =
  'was compiled as a standard decorator, which does not know its class. Set "experimentalDecorators": true in the compilerOptions of the tsconfig.json that the build tool reads. tsx reads the tsconfig.json in the working directory.';

test.each([
  ['@Get()', 'A route decorator'],
  ['@HttpCode(201)', '@HttpCode'],
  ['@Scheduled({ fixedRate: 1000 })', '@Scheduled'],
  ['@OnStart()', '@OnStart()'],
  ['@OnStop()', '@OnStop()'],
  ['@Provider()', '@Provider()'],
  ['@Profile("prod")', '@Profile'],
])('%s compiled as a standard decorator is told from a static member', async (decorator, named) => {
  const name = /\w+/.exec(decorator)?.[0];
  const code = `import { ${name} } from '@tsukimi/core';\nexport class Jobs {\n  ${decorator}\n  tidy() {}\n}\n`;
  const error: unknown = await transformed(code, STANDARD).catch((thrown: unknown) => thrown);
  expect(describeError(error)).toBe(`TSK_ERR_DECORATOR_STANDARD: ${named} on the method tidy ${FIXES}`);
});

test('class decorators work compiled as standard ones, @Profile too', async () => {
  const code = `
    import { Profile, Service } from '@tsukimi/core';
    @Profile('prod') @Service() export class Mail {}
  `;
  const { Mail } = await transformed(code, STANDARD);
  const App = applicationOf([Mail as Class]);
  expect((await start(App, { profile: 'prod' })).resolve(Mail as Class)).toBeInstanceOf(Mail);
  const other = await start(App);
  expect(() => other.resolve(Mail as Class)).toThrow('Mail was resolved, but is not a component of this application.');
});
