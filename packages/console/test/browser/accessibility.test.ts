/** Each view with axe-core, in light and dark and on a phone: no violation of any of its rules. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { shown, skipReason, useBrowser } from './support/browser.js';
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

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

describe.skipIf(skipReason)('axe finds nothing', { timeout: 300_000 }, () => {
  const browser = useBrowser();

  test.each([
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['phone', { colorScheme: 'light', viewport: { width: 390, height: 844 } }],
  ] as const)('%s', async (_, options) => {
    const moon = await startMoon();
    await moon.ask('/moon/1', '/moon/2', '/moon/-1', '/nowhere');
    const page = await browser.open(moon.page, options);
    await page.getByText('4 requests and 1 error in the range').waitFor();
    for (const view of VIEWS) {
      await page.goto(`${moon.page}?${view}`);
      await shown(page);
      // In the page's own world, scripts of others are forbidden; evaluated ones are not the page's.
      await page.evaluate(AXE);
      const { violations } = (await page.evaluate('axe.run()')) as { readonly violations: readonly Violation[] };
      const found = violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`));
      expect(
        found.filter((each) => !isOfDrawing(each)),
        view,
      ).toEqual([]);
    }
  });
});

/** The label of a node says what is written in it, but axe joins the words of a drawing without spaces between them. */
function isOfDrawing(found: string): boolean {
  return found.startsWith('label-content-name-mismatch: <g class="map-node');
}
