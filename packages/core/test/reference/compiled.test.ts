/** The snippets of the reference and of the README compile under the strictest flags, and the README's program runs as tsc built it. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startNodeProgram } from '../../../../test/support/child-process.js';
import { codeBlocksOf } from '../../../../test/support/markdown.js';
import { projectPath, projectText } from '../../../../test/support/project.js';

const FOLDER = fileURLToPath(new URL('./snippets-compiled/', import.meta.url));
const PAGES = ['components', 'configuration', 'application', 'web', 'scheduling'];
const README = 'packages/core/README.md';
const COMPILER_OPTIONS = {
  composite: false,
  declaration: false,
  declarationMap: false,
  sourceMap: false,
  rootDir: '.',
  outDir: 'dist',
  // The build has checked the declarations of all that is imported, which takes longer than the snippets.
  skipLibCheck: true,
};

const tsc = (args: readonly string[]) => promisify(execFile)(projectPath('node_modules/.bin/tsc'), [...args]);

function snippetsOf(path: string): string[] {
  return codeBlocksOf(projectText(path)).flatMap(({ language, code }) => (language === 'ts' ? [code] : []));
}

beforeAll(async () => {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER);
  for (const page of PAGES) {
    for (const [index, code] of snippetsOf(`docs/reference/${page}.md`).entries())
      await writeFile(join(FOLDER, `${page}-${index}.ts`), code);
  }
  await writeFile(join(FOLDER, 'readme.ts'), snippetsOf(README)[0] ?? '');
  const configuration = { extends: projectPath('tsconfig.base.json'), compilerOptions: COMPILER_OPTIONS, include: ['*.ts'] };
  await writeFile(join(FOLDER, 'tsconfig.json'), JSON.stringify(configuration));
  await tsc(['-b', projectPath('packages/core')]);
});
afterAll(() => rm(FOLDER, { recursive: true }));

test('every snippet compiles', async () => {
  const { stdout } = await tsc(['-p', FOLDER]).catch((error: { stdout: string }) => error);
  expect(stdout).toBe('');
});

test('the program of the README serves orders, with the configuration it shows', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tsukimi-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const [yaml = ''] = codeBlocksOf(projectText(README)).flatMap(({ language, code }) => (language === 'yaml' ? [code] : []));
  expect(yaml).toContain('port: 8000');
  await writeFile(join(folder, 'application.yml'), yaml.replace('8000', '0'));
  await using program = startNodeProgram(join(FOLDER, 'dist/readme.js'), { cwd: folder });
  const [, url = ''] = await program.waitForOutput(/listens on (http:[^"]+)/);
  const post = (body: object): Promise<Response> =>
    fetch(`${url}/orders`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const created = await post({ amount: 5 });
  expect([created.status, await created.json()]).toEqual([201, { id: 1, amount: 5 }]);
  expect((await post({ amount: 0 })).status).toBe(400);
  expect(await (await fetch(`${url}/orders/1`)).json()).toEqual({ id: 1, amount: 5 });
  expect((await fetch(`${url}/orders/2`)).status).toBe(404);
});

test('the compiler options of the README and of the reference are the same', async () => {
  const shown = [README, 'docs/reference/components.md'].map((path) =>
    codeBlocksOf(projectText(path)).flatMap(({ language, code }) => (language === 'json' ? [JSON.parse(code)] : [])),
  );
  expect(shown[0]).toEqual(shown[1]);
  expect(JSON.parse(await readFile(projectPath('tsconfig.base.json'), 'utf8'))).toMatchObject(shown[0]?.[0]);
});
