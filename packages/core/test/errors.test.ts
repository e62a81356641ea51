import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

async function codesIn(path: string, section: RegExp, code: RegExp): Promise<string[]> {
  const text = await readFile(new URL(path, import.meta.url), 'utf8');
  const matches = (section.exec(text)?.[0] ?? '').matchAll(code);
  return [...new Set([...matches].map((match) => match[1] ?? ''))].sort();
}

test('errors.ts and the Core section of the reference list the same codes', async () => {
  const written = await codesIn('../src/errors.ts', /[\s\S]*/, /'(TSK_ERR_[A-Z_]*[A-Z])'/g);
  const documented = await codesIn(
    '../../../docs/reference/errors.md',
    /^## Core$[\s\S]*?(?=^## |(?![\s\S]))/m,
    /^\| `(TSK_ERR_[A-Z_]+)` \|/gm,
  );
  expect(written.length).toBeGreaterThan(30);
  expect(documented).toEqual(written);
});
