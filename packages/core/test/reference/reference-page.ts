/** Runs the snippets of a page of docs/reference, so that a page cannot show what does not work. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { ConcreteClass } from '@tsukimi/core';
import { afterAll, expect } from 'vitest';
import { codeBlocksOf } from '../../../../test/support/markdown.js';

const DOCS = new URL('../../../../docs/reference/', import.meta.url);

/** A page whose TypeScript snippets have been imported, whole programs excepted: those are for the test to start. */
export class ReferencePage {
  readonly text: string;
  /** The files of snippets that run an application by themselves. */
  readonly programs: readonly string[];
  readonly #exports: Readonly<Record<string, unknown>>;
  readonly #used = new Set<string>();

  constructor(parts: { text: string; programs: readonly string[]; exports: Readonly<Record<string, unknown>> }) {
    this.text = parts.text;
    this.programs = parts.programs;
    this.#exports = parts.exports;
  }

  /** What a snippet exports; the type is for the caller to know. */
  exported<T>(name: string): T {
    const found = this.#exports[name];
    if (found === undefined) throw new Error(`No snippet exports ${name}`);
    this.#used.add(name);
    return found as T;
  }

  component(name: string): ConcreteClass {
    return this.exported<ConcreteClass>(name);
  }

  /** The snippets of another language, in their order. */
  blocks(language: string): string[] {
    return blocksIn(this.text, language);
  }

  /** What no test has asked for so far. */
  get unused(): string[] {
    return Object.keys(this.#exports).filter((name) => !this.#used.has(name));
  }
}

/** Reads a page such as `web`, and imports its snippets; afterwards every export has to have been used by a test. */
export async function loadPage(name: string): Promise<ReferencePage> {
  // Inside the tests, so that the snippets are compiled as the tests are.
  const folder = new URL(`./snippets-of-${name}/`, import.meta.url);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  const text = await readFile(new URL(`${name}.md`, DOCS), 'utf8');
  const exports: Record<string, unknown> = {};
  const programs: string[] = [];
  for (const [index, code] of blocksIn(text, 'ts').entries()) {
    const file = fileURLToPath(new URL(`snippet-${index}.ts`, folder));
    await writeFile(file, code);
    if (/^await runApplication\(/m.test(code)) programs.push(file);
    else Object.assign(exports, await import(/* @vite-ignore */ file));
  }
  const page = new ReferencePage({ text, programs, exports });
  afterAll(async () => {
    await rm(folder, { recursive: true });
    expect(page.unused, `exported by snippets of ${name}.md, and used by no test`).toEqual([]);
  });
  return page;
}

function blocksIn(text: string, language: string): string[] {
  return codeBlocksOf(text)
    .filter((block) => block.language === language)
    .map(({ code }) => code);
}
