/** The codes in the errors.ts files are those of the section "Command line" in docs/reference/errors.md, and every row says how to mend it. */
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { projectPath, projectText } from '../../../test/support/project.js';

const FILES = readdirSync(projectPath('packages/cli/src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('errors.ts'),
);
const section = /^## Command line$(.*?)(?=^## |(?![\s\S]))/ms.exec(projectText('docs/reference/errors.md'))?.[1] ?? '';

test('both lists are the same', () => {
  expect(FILES.length).toBeGreaterThan(4);
  const text = FILES.map((file) => projectText(`packages/cli/src/${file}`)).join('');
  const written = [...text.matchAll(/'(TSK_ERR_[A-Z_]+)'/g)].map(([, code]) => code);
  const documented = [...section.matchAll(/^\| `(TSK_ERR_[A-Z_]+)` \|/gm)].map(([, code]) => code);
  expect(new Set(documented).size).toBe(documented.length);
  expect([...documented].sort()).toEqual([...new Set(written)].sort());
});

test('every row has three cells with something in them', () => {
  for (const row of section.split('\n').filter((line) => line.startsWith('| `TSK_'))) {
    const cells = row.split('|').slice(1, -1);
    expect(cells).toHaveLength(3);
    for (const cell of cells) expect(cell.trim().length).toBeGreaterThan(10);
  }
});
