/** What a user reads whose modules throw before anything is called. */
import { execFile } from 'node:child_process';
import { mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { startNodeProgram } from '../../../../test/support/child-process.js';
import { projectPath } from '../../../../test/support/project.js';

beforeAll(async () => {
  await promisify(execFile)(projectPath('node_modules/.bin/tsc'), ['-b', projectPath('packages/core')]);
});

async function run(files: Readonly<Record<string, string>>): Promise<{ code: number | null; stderr: string; folder: string }> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'tsukimi-mistakes-')));
  onTestFinished(() => rm(folder, { recursive: true }));
  await symlink(projectPath('node_modules'), join(folder, 'node_modules'));
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);
  await using program = startNodeProgram(join(folder, 'main.mjs'));
  const { code } = await program.exited;
  return { code, stderr: program.output.stderr, folder };
}

const CLASS = (name: string, other: string) => `import 'reflect-metadata';
import { Service } from '@tsukimi/core';
import { ${other} } from './${other}.mjs';
let ${name} = class ${name} {};
Reflect.decorate([
  Service(),
  Reflect.metadata('design:paramtypes', [${other}]),
], ${name});
export { ${name} };
`;

test('a mistake in a declaration is printed as one line, and circular imports with their classes', async () => {
  const mistake = await run({ 'main.mjs': `import { Scheduled } from '@tsukimi/core';\nScheduled('0 * * * *');\n` });
  expect(mistake).toMatchObject({
    code: 1,
    stderr: `error TSK_ERR_DECORATOR_ARGUMENT: @Scheduled was given a text of 9 characters. Write @Scheduled({ fixedRate: 10_000 }) or @Scheduled({ cron: '0 * * * *' }).\n`,
  });
  const circle = await run({
    'main.mjs': `import './Moons.mjs';\n`,
    'Moons.mjs': CLASS('Moons', 'Stars'),
    'Stars.mjs': CLASS('Stars', 'Moons'),
  });
  expect(circle.code).toBe(1);
  expect(circle.stderr.split('\n')[0]).toBe(
    `error: Stars (${circle.folder}/Stars.mjs) asks for Moons, whose file is not evaluated yet: the two files import each other. Move what they share into a third file.`,
  );
  expect(circle.stderr).toContain("ReferenceError: Cannot access 'Moons' before initialization");
});

test.each([
  ['a revoked Proxy', 'const { proxy, revoke } = Proxy.revocable(new Error("gone"), {}); revoke(); throw proxy;', '<Revoked Proxy>', ''],
  [
    'an error whose stack throws',
    'throw Object.defineProperty(new RangeError("the till jams"), "stack", { get() { throw new Error("a trap"); } });',
    'the till jams',
    '\nthe till jams',
  ],
  [
    'a Proxy that refuses',
    'throw new Proxy(new Error("gone"), new Proxy({}, { get() { throw new Error("a trap"); } }));',
    'Error: gone',
    '',
  ],
])('%s that an extension throws is in its one line', async (_what, statement, message, stack) => {
  const { code, stderr } = await run({
    'main.mjs': `import { Application, runApplication } from '@tsukimi/core';
class Shop {}
Application({ extensions: [() => ({ name: 'till', configure() { ${statement} } })] })(Shop);
await runApplication(Shop, { configuration: { server: { port: 0 } } });
`,
  });
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(
      /^error TSK_ERR_APPLICATION_EXTENSION_FAILED: The extension till failed in its step configure: .*\. Fix the cause, or remove the extension\.\n/,
    ),
  });
  // Node.js shows such values in one way or the other, by its version.
  expect(stderr.replace('configure: Proxy(', 'configure: ')).toContain(`configure: ${message}`);
  expect(stderr.replace('[RangeError: ', '')).toContain(stack);
  expect(stderr).not.toContain('uncaught-mistakes');
});

test('other uncaught errors are printed by Node.js, even if they cannot be read', async () => {
  const { code, stderr } = await run({
    'main.mjs': `import '@tsukimi/core';\nconst { proxy, revoke } = Proxy.revocable(new ReferenceError('gone'), {});\nrevoke();\nsetTimeout(() => { throw proxy; });\n`,
  });
  expect(code).toBe(1);
  expect(stderr).toContain('setTimeout(() => { throw proxy; });');
  expect(stderr).not.toContain('uncaught-mistakes');
});

test('a file that uses its own variable too early is not blamed on imports', async () => {
  const { code, stderr } = await run({
    'main.mjs': `import '@tsukimi/core';\nconst first = () => MOONS$;\nfirst();\nconst MOONS$ = 1;\n`,
  });
  expect(code).toBe(1);
  expect(stderr).toContain("ReferenceError: Cannot access 'MOONS$' before initialization");
  expect(stderr).not.toContain('import each other');
});
