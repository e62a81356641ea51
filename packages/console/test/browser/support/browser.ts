/** A real Chromium for the tests of a file. Every page that a test opens must be free of errors at its end. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { launchChromium, skipReason } from './chromium.js';

/** Generous: machines that run tests are slow, and do other things beside. */
const LONGEST_WAIT_MS = 60_000;

export { skipReason };

export interface OpenOptions extends BrowserContextOptions {
  /** Errors that a test expects, such as those of a server that is stopped. */
  readonly allowed?: RegExp;
}

export interface SharedBrowser {
  /** Opens a page in a context of its own, which is closed at the end of the test. */
  open(url: string, options?: OpenOptions): Promise<Page>;
}

/** Starts a browser for the tests of a file. Call it once, in the file or in a `describe`. */
export function useBrowser(): SharedBrowser {
  let browser: Browser | undefined;
  beforeAll(async () => {
    if (skipReason === undefined) browser = await launchChromium();
  });
  afterAll(() => browser?.close());
  const open = async (url: string, { allowed, ...options }: OpenOptions = {}): Promise<Page> => {
    const context = await (browser as Browser).newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce', ...options });
    context.setDefaultTimeout(LONGEST_WAIT_MS);
    const page = await context.newPage();
    const problems = problemsOf(page);
    onTestFinished(async () => {
      await context.close();
      expect(problems.filter((problem) => allowed?.test(problem) !== true)).toEqual([]);
    });
    await page.goto(url);
    return page;
  };
  return { open };
}

/** What the page wrote to the console as a warning or an error, and what it threw. */
function problemsOf(page: Page): string[] {
  const problems: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  return problems;
}

/** Waits until the view has its first answer. */
export async function shown(page: Page): Promise<void> {
  await until(page, "document.querySelector('main') !== null && document.querySelector('main .spinner') === null");
}

/**
 * Waits until an expression is true in the page; where it reads an element that is not there yet, it is not. Playwright's own wait evaluates it where the
 * page's policy forbids that.
 */
export async function until(page: Page, expression: string): Promise<void> {
  const deadline = Date.now() + LONGEST_WAIT_MS;
  const asked = `(() => { try { return ${expression}; } catch (error) { if (error instanceof TypeError) return false; throw error; } })()`;
  while ((await page.evaluate(asked)) !== true) {
    if (Date.now() > deadline) throw new Error(`It never became true: ${expression}. The page:\n${await page.innerText('body')}`);
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(resolve))');
  }
}

/** The cells of a table, row by row, as they are drawn. */
export async function cellsOf(page: Page, selector = '.table-frame'): Promise<string[][]> {
  return await page.evaluate(
    `[...document.querySelectorAll(${JSON.stringify(`${selector} tbody tr:not(.spacer)`)})].map((row) => [...row.children].map((cell) => cell.textContent.trim()))`,
  );
}
