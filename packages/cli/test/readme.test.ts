/** The snippet of the README runs. */
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { importSnippets } from '../../../test/support/snippets.js';

const page = await importSnippets('packages/cli/README.md', import.meta.url);

it('runs a command in its own process', async () => {
  const text = await page.exported<() => Promise<string>>('rulesAsText')();
  expect(parse(text).groups.length).toBeGreaterThan(3);
});
