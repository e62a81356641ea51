/** Each folder's errors stand in its errors.ts, and have their section in docs/reference/errors.md. */
import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

const SOURCE = new URL('../src/', import.meta.url);
const FOLDERS = ['application', 'components', 'configuration', 'decorators', 'scheduling', 'web'] as const;

function codesIn(text: string, code: RegExp): string[] {
  return [...text.matchAll(code)].map((match) => match[1] ?? '').sort();
}

async function documentedCodes(area: string): Promise<string[]> {
  const page = await readFile(new URL('../../../docs/reference/errors.md', import.meta.url), 'utf8');
  const core = /^## Core$[\s\S]*?(?=^## |(?![\s\S]))/m.exec(page)?.[0] ?? '';
  const section = new RegExp(`^### ${area}$[\\s\\S]*?(?=^### |(?![\\s\\S]))`, 'im').exec(core)?.[0] ?? '';
  return codesIn(section, /^\| `(TSK_ERR_[A-Z_]+)` \|/gm);
}

test.each(FOLDERS)('%s/errors.ts and its section of the reference list the same codes', async (folder) => {
  const written = new Set(codesIn(await readFile(new URL(`${folder}/errors.ts`, SOURCE), 'utf8'), /'(TSK_ERR_[A-Z_]*[A-Z])'/g));
  expect(written.size).toBeGreaterThanOrEqual(5);
  expect(await documentedCodes(folder)).toEqual([...written]);
});

test('no file but those makes an error of its own', async () => {
  const files = (await readdir(SOURCE, { recursive: true })).filter((file) => file.endsWith('.ts'));
  const makers: string[] = [];
  for (const file of files) {
    const text = await readFile(new URL(file, SOURCE), 'utf8');
    if (text.includes('new ApplicationError(')) makers.push(file);
  }
  expect(makers.sort()).toEqual(FOLDERS.map((folder) => `${folder}/errors.ts`));
});
