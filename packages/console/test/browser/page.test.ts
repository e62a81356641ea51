/** The live page in a real browser: its numbers, its controls, and what it does when the application goes away. */
import type { Page } from 'playwright-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { RouteRow, Table } from '../../src/api-types.js';
import { cellsOf, shown, skipReason, until, useBrowser } from './support/browser.js';
import { type RunningMoon, startMoon } from './support/moon-application.js';

/** The count of a route in the table; undefined if it has no row. */
async function countOf(page: Page, route: string): Promise<string | undefined> {
  return (await cellsOf(page)).find(([name]) => name === route)?.[1];
}

async function untilCount(page: Page, route: string, count: number): Promise<void> {
  await until(
    page,
    `[...document.querySelectorAll('tbody tr')].some(({ cells }) => cells[0].textContent === ${JSON.stringify(route)} && cells[1].textContent === '${count}')`,
  );
}

const ASKED = 'GET/moon/:night';

async function untilSampled({ api }: RunningMoon, requests: number): Promise<void> {
  for (;;) {
    const { rows } = await api<Table<RouteRow>>('routes');
    if (rows.reduce((sum, { count }) => sum + count, 0) >= requests) return;
  }
}

describe.skipIf(skipReason)('the live page', { timeout: 300_000 }, () => {
  const browser = useBrowser();

  test('shows the numbers of /metrics', async () => {
    const moon = await startMoon();
    const page = await browser.open(`${moon.page}?view=routes`);
    await shown(page);
    for (let night = 1; night <= 20; night += 1) await moon.ask(`/moon/${night}`);
    await moon.ask('/moon/-1', '/moon/-2', '/nowhere');
    await untilCount(page, ASKED, 22);
    await untilCount(page, 'GET<unmatched>', 1);
    const text = await (await fetch(`${moon.url}/metrics/prometheus`)).text();
    expect(text).toContain('http_requests_total{method="GET",path="/moon/:night",status="200"} 20\n');
    expect(text).toContain('http_requests_total{method="GET",path="/moon/:night",status="500"} 2\n');
    const row = (await cellsOf(page)).find(([name]) => name === ASKED);
    expect(row?.[3]).toBe('9.09\u202f%');
    expect(await page.locator('td.wrong').count()).toBe(1);
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByText('23 requests and 2 errors in the range').waitFor();
  });

  test('sorts and filters a table, and has both in the address', async () => {
    const moon = await startMoon();
    await moon.ask('/moon', '/moon', '/moon', '/moon/1', '/nowhere');
    await untilSampled(moon, 5);
    const page = await browser.open(`${moon.page}?view=routes`);
    await shown(page);
    const names = async () => (await cellsOf(page)).map(([name]) => name);
    const heading = (name: string) => page.locator('thead th', { hasText: name });
    await heading('Count').getByRole('button').click();
    await until(page, "document.querySelector('th[aria-sort=descending]')?.textContent.startsWith('Count')");
    expect((await names())[0]).toBe('GET/moon');
    await heading('Route').getByRole('button').click();
    await until(page, "document.querySelector('th[aria-sort=ascending]')?.textContent.startsWith('Route')");
    expect(await names()).toEqual(['GET/moon', ASKED, 'GET<unmatched>']);
    await heading('Route').getByRole('button').click();
    await until(page, "document.querySelector('th[aria-sort=descending]')?.textContent.startsWith('Route')");
    expect(await names()).toEqual(['GET<unmatched>', ASKED, 'GET/moon']);
    await page.getByRole('searchbox').fill('moon night');
    await page.getByText('1 of 3 routes').waitFor();
    expect(await names()).toEqual([ASKED]);
    const query = new URL(page.url()).searchParams;
    expect(Object.fromEntries(query)).toEqual({ view: 'routes', sort: '-route', filter: 'moon night' });

    const other = await browser.open(page.url());
    await other.getByText('1 of 3 routes').waitFor();
    expect(await other.getByRole('searchbox').inputValue()).toBe('moon night');
    expect((await cellsOf(other)).map(([name]) => name)).toEqual([ASKED]);
  });

  test('opens a route from its row, and goes back', async () => {
    const moon = await startMoon();
    await moon.ask('/moon/1', '/moon/-1');
    await untilSampled(moon, 2);
    const page = await browser.open(`${moon.page}?view=routes`);
    await page.getByRole('link', { name: '/moon/:night' }).click();
    await page.getByRole('heading', { name: 'Latency distribution' }).waitFor();
    await page.getByText('no night -1').waitFor();
    expect(await page.locator('.error-type').allTextContents()).toEqual(['RangeError in MoonRepository.find of GET /moon/:night']);
    expect(await page.locator('.plot canvas').count()).toBe(2);
    expect(await page.locator('.heat canvas').getAttribute('aria-label')).toContain('most between');
    await page.goBack();
    await page.getByText('1 route').waitFor();
  });

  test('shows each metric with its chart and its query', async () => {
    const moon = await startMoon();
    await moon.ask('/moon/1', '/moon/2');
    await untilSampled(moon, 2);
    const page = await browser.open(`${moon.page}?view=custom`, { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.getByRole('heading', { name: 'moon_viewings_total' }).waitFor();
    await page.getByRole('row', { name: 'phase full 2' }).waitFor();
    await page.getByRole('button', { name: 'Copy the query: Per second' }).click();
    await page.getByText('Copied').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('sum by (phase) (rate(moon_viewings_total[5m]))');
    await page.getByRole('link', { name: 'http_request_duration_seconds' }).click();
    await page.getByRole('heading', { name: 'Distribution' }).waitFor();
    expect(new URL(page.url()).searchParams.get('name')).toBe('http_request_duration_seconds');
  });

  test('shows the range that is chosen, and a fixed one of a link', async () => {
    const moon = await startMoon();
    const page = await browser.open(moon.page);
    await shown(page);
    const pressed = () => page.locator('.segments button[aria-pressed=true]').allTextContents();
    expect(await pressed()).toEqual(['15m']);
    await page.getByRole('button', { name: '5m', exact: true }).click();
    await until(page, "new URLSearchParams(location.search).get('range') === '300'");
    expect(await pressed()).toEqual(['5m']);
    await page.goBack();
    await until(page, "document.querySelector('.segments button[aria-pressed=true]').textContent === '15m'");

    const now = Math.floor(Date.now() / 1000);
    await page.goto(`${moon.page}?view=routes&from=${now - 60}&to=${now}`);
    await page.getByText('Fixed range').waitFor();
    expect(await pressed()).toEqual([]);
    await page.getByRole('button', { name: 'Back to the last 15 minutes' }).click();
    await page.getByText('Live', { exact: true }).waitFor();
    expect(await pressed()).toEqual(['15m']);
  });

  test('pauses, and goes on with what happened since', async () => {
    const moon = await startMoon();
    await moon.ask('/moon/1');
    const [page, other] = [await browser.open(`${moon.page}?view=routes`), await browser.open(`${moon.page}?view=routes`)];
    await untilCount(page, ASKED, 1);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Paused').waitFor();
    await moon.ask('/moon/2', '/moon/3');
    await untilCount(other, ASKED, 3);
    expect(await countOf(page, ASKED)).toBe('1');
    await page.getByRole('button', { name: 'Resume' }).click();
    await untilCount(page, ASKED, 3);
  });

  test('closes its stream while nobody can see it', async () => {
    const moon = await startMoon();
    const page = await browser.open(`${moon.page}?view=routes`);
    await page.getByText('Live', { exact: true }).waitFor();
    const setHidden = (isHidden: boolean) =>
      page.evaluate(
        `Object.defineProperty(document, 'hidden', { value: ${isHidden}, configurable: true }); document.dispatchEvent(new Event('visibilitychange'))`,
      );
    const closed = page.waitForEvent('requestfailed', (request) => request.url().includes('/api/live'));
    await setHidden(true);
    expect((await closed).failure()?.errorText).toBe('net::ERR_ABORTED');
    const opened = page.waitForEvent('request', (request) => request.url().includes('/api/live'));
    await setHidden(false);
    await opened;
    await moon.ask('/moon/1');
    await untilCount(page, ASKED, 1);
  });

  test('does not delay a stop, says that it is disconnected, and connects again', async () => {
    const first = await startMoon();
    await first.ask('/moon/1', '/moon/1', '/moon/1');
    const page = await browser.open(`${first.page}?view=routes`, {
      allowed: /net::ERR_/,
    });
    await untilCount(page, ASKED, 3);
    await first.close();
    await page.getByText('The application does not answer.').waitFor();
    expect(await countOf(page, ASKED)).toBe('3');
    const second = await startMoon(first.port);
    await page.getByText('Live', { exact: true }).waitFor();
    await second.ask('/moon/1');
    await untilCount(page, ASKED, 1);
  });

  test('says that too many pages are open', async () => {
    const moon = await startMoon();
    const streams = await Promise.all(Array.from({ length: 50 }, () => fetch(`${moon.page}api/live?view=overview`)));
    // Kept until then: what nobody holds is closed.
    onTestFinished(async () => void (await Promise.all(streams.map(({ body }) => body?.cancel()))));
    const page = await browser.open(moon.page, { allowed: /503/ });
    await page.getByText('Too many pages').waitFor();
    await page.getByText('tries again every 10 seconds').waitFor();
  });

  test('is used by keyboard', async () => {
    const moon = await startMoon();
    await moon.ask('/moon', '/moon/1', '/moon/-1');
    await untilSampled(moon, 3);
    const page = await browser.open(moon.page);
    await shown(page);
    await page.keyboard.press('2');
    await page.getByRole('heading', { name: 'Routes', level: 1 }).waitFor();
    await shown(page);
    await page.keyboard.press('/');
    await page.keyboard.type('moon');
    expect(await page.getByRole('searchbox').inputValue()).toBe('moon');
    const focused = () => page.evaluate('document.activeElement.dataset.row');
    await page.locator('[data-row="0"]').focus();
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe('1');
    await page.keyboard.press('Home');
    expect(await focused()).toBe('0');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Latency distribution' }).waitFor();
    await page.keyboard.press('p');
    await page.getByText('Paused').waitFor();
  });

  test('is light or dark as the system prefers, or as it was chosen, also the next time', async () => {
    const moon = await startMoon();
    const page = await browser.open(moon.page, { colorScheme: 'dark' });
    await shown(page);
    const theme = () => page.evaluate('document.documentElement.dataset.theme');
    expect(await theme()).toBe('dark');
    await page.emulateMedia({ colorScheme: 'light' });
    await until(page, "document.documentElement.dataset.theme === 'light'");
    await page.getByRole('button', { name: 'Colours: system. Change to light.' }).click();
    await page.getByRole('button', { name: 'Colours: light. Change to dark.' }).click();
    await until(page, "document.documentElement.dataset.theme === 'dark'");
    await page.reload();
    await shown(page);
    expect(await theme()).toBe('dark');
  });

  test('fits a phone: the chosen view is in sight, and no text runs over its button', async () => {
    const moon = await startMoon();
    const page = await browser.open(`${moon.page}?view=settings`, { viewport: { width: 390, height: 844 } });
    await shown(page);
    await until(page, "document.querySelector('.nav-link[aria-current]').getBoundingClientRect().right <= innerWidth");
    const tight = `[...document.querySelectorAll('.segments, .segments button')].filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).length`;
    for (const [width, view] of [
      [390, 'map'],
      [640, 'map'],
      [390, 'settings'],
    ] as const) {
      await page.setViewportSize({ width, height: 844 });
      await page.goto(`${moon.page}?view=${view}`);
      await shown(page);
      expect(await page.evaluate(tight), `${view} at ${width}`).toBe(0);
    }
  });

  test('says that nothing has been requested yet', async () => {
    const moon = await startMoon();
    const page = await browser.open(moon.page);
    await page.getByText('No requests in the range').waitFor();
    await page.getByText('No responses in the range').waitFor();
    expect(await page.locator('.tile', { hasText: 'Requests' }).locator('.tile-value').textContent()).toBe('0/s');
  });

  test('says that measuring is switched off', async () => {
    const moon = await startMoon(0, { instrumentation: { enabled: false } });
    const page = await browser.open(moon.page);
    await page.getByText('Measuring is switched off').waitFor();
  });
});
