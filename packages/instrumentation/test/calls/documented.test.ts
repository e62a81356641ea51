/** Holds the tables of methods in the documentation and the tests together: their rows are the titles of the suites here, and no suite is missing. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const page = readFileSync(new URL('../../../../docs/concepts/what-is-measured.md', import.meta.url), 'utf8');
const [, section = ''] = page.split('\n## Methods\n');
const rows = [...(section.split('\n## ')[0] ?? '').matchAll(/^\| (.+?) \|/gm)]
  .map(([, cell]) => cell as string)
  .filter((cell) => !/^(method|otherwise|object|the same|visible as|-+)$/.test(cell));
const suites = readdirSync(new URL('.', import.meta.url))
  // Which errors are told apart is another page's subject.
  .filter((file) => file.endsWith('.test.ts') && file !== 'failures-by-error.test.ts')
  .flatMap((file) => [...readFileSync(new URL(file, import.meta.url), 'utf8').matchAll(/^describe\('(.+)',/gm)])
  .map(([, title]) => title as string);

test('every row of the tables is a suite, and every suite a row', () => {
  expect([...rows].sort()).toEqual([...suites].sort());
});
