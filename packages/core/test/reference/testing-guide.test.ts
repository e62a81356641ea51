/** The tests of docs/guides/testing.md run: the one for Vitest in here, the one for node:test as tsc builds it. Jest's is compiled. */
import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { codeBlocksOf } from '../../../../test/support/markdown.js';
import { projectPath, projectText } from '../../../../test/support/project.js';

const FOLDER = fileURLToPath(new URL('./snippets-of-testing-guide/', import.meta.url));
const JEST_TYPES = `declare module '@jest/globals' {
  export { expect, test, vi as jest } from 'vitest';
}
`;
const COMPILER_OPTIONS = {
  ...{ composite: false, declaration: false, declarationMap: false, sourceMap: false, incremental: false },
  ...{ rootDir: '.', outDir: 'dist', skipLibCheck: true },
};

// The tests of a file have to be there when it has been imported.
await rm(FOLDER, { recursive: true, force: true });
await mkdir(FOLDER);
const snippets = codeBlocksOf(projectText('docs/guides/testing.md')).filter(({ file }) => file !== undefined);
for (const { file = '', code } of snippets) await writeFile(join(FOLDER, file), code);
await import(/* @vite-ignore */ join(FOLDER, 'shop.vitest.ts'));

test('the page has the four files', () => {
  expect(snippets.map(({ file }) => file)).toEqual(['shop.ts', 'shop.vitest.ts', 'shop.test.ts', 'shop.jest.ts']);
});

test('what it shows compiles, and the test for node:test passes', async () => {
  const run = promisify(execFile);
  await writeFile(join(FOLDER, 'jest.d.ts'), JEST_TYPES);
  const configuration = { extends: projectPath('tsconfig.base.json'), compilerOptions: COMPILER_OPTIONS, include: ['*.ts'] };
  await writeFile(join(FOLDER, 'tsconfig.json'), JSON.stringify(configuration));
  const tsc = projectPath('node_modules/.bin/tsc');
  await run(tsc, ['-b', projectPath('packages/core')]);
  expect(
    await run(tsc, ['-p', FOLDER]).then(
      ({ stdout }) => stdout,
      ({ stdout }) => stdout,
    ),
  ).toBe('');
  const env = { PATH: process.env['PATH'] };
  const { stdout } = await run(process.execPath, ['--test', '--test-reporter=tap', join(FOLDER, 'dist/shop.test.js')], { env });
  expect(stdout).toMatch(/^# pass 1\n# fail 0$/m);
  await rm(FOLDER, { recursive: true });
});
