/** What a user reads whose modules throw before anything is called. */
import { execFile } from 'node:child_process';
import { mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { startNodeProgram } from '../../../../test/support/child-process.js';
import { projectPath } from '../../../../test/support/project.js';

async function run(files: Readonly<Record<string, string>>): Promise<{ code: number | null; stderr: string; folder: string }> {
  await promisify(execFile)(projectPath('node_modules/.bin/tsc'), ['-b', projectPath('packages/core')]);
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

test('a mistake in a declaration is one line, and files that import each other are told with their classes', async () => {
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
