/** Holds the table of requests in the documentation and the tests together: each of its rows is the title of a test here. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const page = readFileSync(new URL('../../../../docs/concepts/what-is-measured.md', import.meta.url), 'utf8');
const [, section = ''] = page.split('\n## Requests\n');
const rows = [...(section.split('\n## ')[0] ?? '').matchAll(/^\| (.+?) \|/gm)]
  .map(([, cell]) => cell as string)
  .filter((cell) => !/^(request|-+)$/.test(cell));
const tests = readdirSync(new URL('.', import.meta.url))
  .filter((file) => file.endsWith('.test.ts') && file !== 'documented.test.ts')
  .map((file) => readFileSync(new URL(file, import.meta.url), 'utf8'))
  .join('\n');

test('there is a table', () => {
  expect(rows.length).toBeGreaterThan(30);
});

test.each(rows)('%s', (title) => {
  // Some go on with the variants that they are run in.
  expect(tests).toContain(`'${title}`);
});
