/** Each view with axe-core, in light and dark and on a phone: no violation of any of its rules. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { type OpenOptions, shown, skipReason, until, useBrowser } from './support/browser.js';
import { startMoon } from './support/moon-application.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const VIEWS = [
  'view=overview',
  'view=routes',
  'view=routes&filter=nothing+fits',
  'view=routes&method=GET&path=/moon/:night',
  'view=components',
  'view=components&component=MoonService&method=phase',
  'view=map',
  'view=scheduler',
  'view=custom',
  'view=custom&name=http_request_duration_seconds',
  'view=profile',
  'view=settings',
  'view=none',
];

/** Rules that colours decide. Everything else in the page is the same in light and dark. */
const OF_COLOURS = "{ runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } }";

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** @param options of `axe.run`, as source */
async function violationsOf(page: Page, options = '{}'): Promise<string[]> {
  const { violations } = (await page.evaluate(`axe.run(${options})`)) as { readonly violations: readonly Violation[] };
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`));
}

/** As a link of the page does: what was evaluated stays. */
async function show(page: Page, view: string): Promise<void> {
  await page.evaluate(`history.pushState(null, '', ${JSON.stringify(`?${view}`)}); dispatchEvent(new PopStateEvent('popstate'))`);
  await page.evaluate('new Promise((resolve) => requestAnimationFrame(resolve))');
  await shown(page);
}

async function inColours(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await until(page, `document.documentElement.dataset.theme === '${colorScheme}'`);
}

describe.skipIf(skipReason)('axe finds nothing', { timeout: 300_000 }, () => {
  const browser = useBrowser();

  async function open(options: OpenOptions): Promise<Page> {
    const moon = await startMoon();
    await moon.ask('/moon/1', '/moon/2', '/moon/-1', '/nowhere');
    const page = await browser.open(moon.page, options);
    await page.getByText('4 requests and 1 error in the range').waitFor();
    // In the page's own world, scripts of others are forbidden; evaluated ones are not the page's.
    await page.evaluate(AXE);
    return page;
  }

  test('light and dark', async () => {
    const page = await open({ colorScheme: 'light' });
    for (const view of VIEWS) {
      await show(page, view);
      expect(await violationsOf(page), view).toEqual([]);
      await inColours(page, 'dark');
      expect(await violationsOf(page, OF_COLOURS), `${view}, dark`).toEqual([]);
      await inColours(page, 'light');
    }
  });

  test('phone', async () => {
    const page = await open({ colorScheme: 'light', viewport: { width: 390, height: 844 } });
    for (const view of VIEWS) {
      await show(page, view);
      expect(await violationsOf(page), view).toEqual([]);
    }
  });
});
