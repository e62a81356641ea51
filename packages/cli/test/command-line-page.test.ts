/** docs/reference/command-line.md shows the help as it is printed, and the output of the lines that it has. */
import { access, appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT_CODES } from '@tsukimi/cli';
import { expect, it } from 'vitest';
import { codeBlocksOf } from '../../../test/support/markdown.js';
import { projectText } from '../../../test/support/project.js';
import { containerProject } from './support/container-project.js';
import { emptyFolder } from './support/folders.js';
import { runTsukimi } from './support/run-tsukimi.js';

const blocks = codeBlocksOf(projectText('docs/reference/command-line.md'));
const commands = [...(await runTsukimi(['--help'])).stdout.matchAll(/^ {2}([a-z]+) .*\[options\]/gm)].map(([, name = '']) => name);
const examples = blocks.flatMap(({ language, code }, index) => {
  const [, words] = /^tsukimi (.*)\n$/.exec(code) ?? [];
  const output = blocks[index + 1];
  return language === 'sh' && words !== undefined ? [[words, output?.language === 'text' ? output.code : 'no output'] as const] : [];
});

it('has a section for every command, in their order', () => {
  expect(commands).toEqual(['init', 'dashboard', 'rules', 'compose', 'top', 'profile', 'doctor']);
  const sections = [...new Set(blocks.map(({ section }) => section))].filter((section) => section.startsWith('tsukimi '));
  expect(sections).toEqual(commands.map((command) => `tsukimi ${command}`));
});

it.each(commands)('shows the help of %s as it is', async (command) => {
  const shown = blocks.find(({ section }) => section === `tsukimi ${command}`)?.code;
  // Where a page is differs from one installation to the next.
  expect(shown).toBe((await runTsukimi([command, '--help'])).stdout.replace(/\S*\/(docs\/\S+\.md)/g, '$1'));
});

it.each(examples)('shows what "tsukimi %s" prints', async (words, shown) => {
  const { stdout, stderr } = await runTsukimi(words.split(' '), {
    cwd: words === 'compose' ? await containerProject() : await emptyFolder(),
  });
  expect(stdout + stderr).toBe(shown);
});

it('shows what --check says of a stale file', async () => {
  const folder = await emptyFolder();
  await runTsukimi(['rules', '-o', '.'], { cwd: folder });
  await appendFile(join(folder, 'http.yml'), '\n');
  const { stdout } = await runTsukimi(['rules', '-o', '.', '--check'], { cwd: folder });
  expect(blocks.find(({ section, language }) => section === 'Generated files' && language === 'text')?.code).toBe(stdout);
});

it('names every exit code', () => {
  const rows = [...projectText('docs/reference/command-line.md').matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
  expect(rows).toEqual(Object.values(EXIT_CODES));
});

it.each(commands)('points in the help of %s to pages that are there', async (command) => {
  const { stdout } = await runTsukimi([command, '--help']);
  const pages = stdout.split('See also:\n')[1]?.trim().split(/\s+/) ?? [];
  expect(pages.length).toBeGreaterThan(0);
  // As soon as the repository has an address, they are links.
  for (const page of pages) if (!page.startsWith('https://')) await access(page);
});
