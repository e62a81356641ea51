/** Runs the TypeScript snippets of a documentation page, so that a page cannot show what does not work. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { type CodeBlock, codeBlocksOf } from './markdown.js';
import { projectText } from './project.js';

/** A page whose snippets have been imported. */
export interface SnippetPage {
  readonly text: string;
  readonly blocks: readonly CodeBlock[];
  /** What the snippets export, by name; the type is for the caller to know. */
  exported<T>(name: string): T;
}

/**
 * Imports every `ts` block of a page, in order; they are removed when the tests of the file are over.
 *
 * @param page from the project's root: `docs/guides/custom-metrics.md`.
 * @param testFile `import.meta.url`: the snippets are put beside it, so that they are compiled as tests are.
 */
export async function importSnippets(page: string, testFile: string): Promise<SnippetPage> {
  const text = projectText(page);
  const blocks = codeBlocksOf(text);
  const folder = new URL(`./snippets-of-${page.replaceAll(/[^a-z]+/g, '-')}/`, testFile);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const exports: Record<string, unknown> = {};
  for (const [index, { code }] of blocks.filter(({ language }) => language === 'ts').entries()) {
    const file = fileURLToPath(new URL(`snippet-${index}.ts`, folder));
    await writeFile(file, code);
    Object.assign(exports, await import(/* @vite-ignore */ file));
  }
  return {
    text,
    blocks,
    exported: <T>(name: string): T => {
      if (!Object.hasOwn(exports, name)) throw new Error(`No snippet of ${page} exports ${name}.`);
      return exports[name] as T;
    },
  };
}
