/** The codes in the errors.ts files are those of the section "Command line" in docs/reference/errors.md, and every row says how to mend it. */
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { codesIn, documentedCodes, incompleteRows } from '../../../test/support/error-reference.js';
import { projectPath, projectText } from '../../../test/support/project.js';

const FILES = readdirSync(projectPath('packages/cli/src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('errors.ts'),
);
const SECTION = 'Command line';

test('both lists are the same', () => {
  expect(FILES.length).toBeGreaterThan(4);
  const written = codesIn(FILES.map((file) => projectText(`packages/cli/src/${file}`)).join(''));
  expect(written.length).toBeGreaterThan(5);
  expect(documentedCodes(SECTION)).toEqual(written);
});

test('every row has three cells with something in them', () => {
  expect(incompleteRows(SECTION)).toEqual([]);
});
