/** `npm start` as it is typed in a clone. */
import { copyFile, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { ChildProgram, startNodeProgram } from './support/child-process.js';
import { freePort } from './support/free-port.js';
import { projectPath } from './support/project.js';
import { waitUntil } from './support/wait-until.js';
import { writeFiles } from './support/write-files.js';

let program: ChildProgram | undefined;
afterEach(async () => void (await program?.stop()));

it('names the traffic for its port, and a signal to npm stops the server', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  program = new ChildProgram('npm', {
    args: ['--silent', 'start'],
    cwd: projectPath(''),
    environment: { TSUKIMI_SERVER_PORT: new URL(url).port },
  });
  await program.waitForOutput(new RegExp(`npm run traffic -- --url ${url}\n`));
  const page = await (await fetch(url)).text();
  expect(page).toContain('href="/metrics"');
  expect(page).toContain(`npm run traffic -- --url ${url}<`);
  program.signal('SIGTERM');
  await program.exited;
  await waitUntil('nobody listens', () =>
    fetch(url).then(
      () => false,
      (error) => error.cause?.code === 'ECONNREFUSED',
    ),
  );
  expect(program.output.stdout).toContain('SIGTERM: instrumentation-demo is stopping');
});

it('builds first where nothing is built, and shows what', async () => {
  const clone = await littleClone("console.log('the demo runs');\n");
  try {
    program = startNodeProgram(join(clone, 'scripts/start.mjs'), { cwd: clone });
    expect(await program.exited).toEqual({ code: 0, signal: null });
    expect(program.output).toEqual({ stdout: `${BUILDING}  examples/instrumentation-demo\nthe demo runs\n`, stderr: '' });
  } finally {
    await rm(clone, { recursive: true, force: true });
  }
});

it("ends with the compiler's message and exit code where the build fails", async () => {
  const clone = await littleClone("export const count: number = 'one';\n");
  try {
    program = startNodeProgram(join(clone, 'scripts/start.mjs'), { cwd: clone });
    expect(await program.exited).toEqual({ code: 2, signal: null });
    expect(program.output.stdout).toBe(`${BUILDING}  examples/instrumentation-demo\n`);
    expect(program.output.stderr).toMatch(/^examples\/instrumentation-demo\/src\/main\.ts.*TS2322/);
  } finally {
    await rm(clone, { recursive: true, force: true });
  }
});

const BUILDING = 'Building the example and the packages it uses. The first time takes about ten seconds.\n';

/** What `npm start` needs of a fresh clone, with a demo of one file. */
async function littleClone(main: string): Promise<string> {
  const clone = await mkdtemp(join(tmpdir(), 'tsukimi-npm-start-'));
  await symlink(projectPath('node_modules'), join(clone, 'node_modules'));
  await mkdir(join(clone, 'scripts'));
  await copyFile(projectPath('scripts/start.mjs'), join(clone, 'scripts/start.mjs'));
  // This demo has no live page to build.
  await writeFiles(join(clone, 'scripts'), { 'build-console.mjs': 'export async function buildPage() {}\n' });
  const compilerOptions = { composite: true, module: 'nodenext', target: 'es2022', types: ['node'], rootDir: 'src', outDir: 'dist' };
  await writeFiles(join(clone, 'examples/instrumentation-demo'), {
    'package.json': '{ "type": "module" }',
    'tsconfig.json': JSON.stringify({ compilerOptions, include: ['src'] }),
    'src/main.ts': main,
  });
  return clone;
}
