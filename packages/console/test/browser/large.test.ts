/** The live page of a large application, and of one that has run for long. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { CDPSession, Page } from 'playwright-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { DependencyMap } from '../../src/api-types.js';
import { shown, skipReason, until, useBrowser } from './support/browser.js';
import { LARGE, type SimulatedApplication, type Size, simulate } from './support/large-application.js';

async function simulated(size: Size, options?: { readonly maxBytes: number }) {
  const application = await simulate(size, options);
  onTestFinished(() => application.close());
  return application;
}

/** A tree of components, each of which uses the next four. */
function mapOf(count: number): DependencyMap {
  const id = (index: number): string => `component:Component${index}`;
  const indexes = Array.from({ length: count }, (_, index) => index);
  return {
    now: 1_800_000_001,
    span: { from: 1_800_000_000, to: 1_800_000_001 },
    nodes: indexes.map((index) => ({
      id: id(index),
      kind: 'component',
      name: `Component${index}`,
      componentKind: 'service',
      layer: Math.ceil(Math.log(3 * index + 1.5) / Math.log(4)),
      rate: index,
      errorRate: 0,
      busy: 0.1,
      p95: 0.01,
    })),
    edges: indexes.slice(1).map((index) => ({ key: `${index}`, from: id(Math.floor((index - 1) / 4)), to: id(index), rate: index })),
  };
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  setFlagsFromString('--no-expose-gc');
}

function heapOfServer(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

async function heapOfPage(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  return (await session.send('Runtime.getHeapUsage')).usedSize;
}

/** So many seconds, of each of which the page draws the change. */
async function pass(
  count: number,
  { application, page }: { readonly application: SimulatedApplication; readonly page: Page },
): Promise<void> {
  await page.evaluate(`
    globalThis.draws = 0;
    globalThis.drawn = () => {};
    globalThis.drawsAfter = async (count) => {
      while (draws <= count) await new Promise((resolve) => { drawn = resolve; });
      return draws;
    };
    new MutationObserver(() => { draws += 1; drawn(); })
      .observe(document.querySelector('tbody'), { subtree: true, childList: true, characterData: true })`);
  let draws = 0;
  for (let second = 0; second < count; second += 1) {
    await application.second();
    draws = (await page.evaluate(`drawsAfter(${draws})`)) as number;
  }
}

describe.skipIf(skipReason)('the live page', { timeout: 600_000 }, () => {
  const browser = useBrowser();

  test('of 500 routes, 1,000 methods and 5,000 series draws the rows in sight only, and all of them when scrolled to', async () => {
    const application = await simulated(LARGE);
    for (let second = 0; second < 3; second += 1) await application.second();
    const page = await browser.open(`${application.page}?view=components&sort=method`);
    await page.getByText('1,000 methods').waitFor();
    const rows = () => page.locator('tbody tr:not(.spacer)').count();
    expect(await rows()).toBeLessThan(100);
    await page.evaluate("document.querySelector('.table-frame').scrollTop = 1e6");
    await until(page, `document.querySelector('tbody tr:last-child').getAttribute('aria-rowindex') === '1001'`);
    expect(await rows()).toBeLessThan(100);
    await page.goto(`${application.page}?view=routes&filter=things-499`);
    await page.getByText('1 of 500 routes').waitFor();
    await page.goto(`${application.page}?view=custom&name=moon_phase_ratio`);
    await page.getByText('950 more, with lower values').waitFor();
    for (const view of ['map', 'overview']) {
      await page.goto(`${application.page}?view=${view}`);
      await shown(page);
    }
  });

  test('places the nodes of a large map beside the page, and draws all of them', async () => {
    const application = await simulated({ routes: 1, methods: 1, others: 0 });
    const page = await browser.open('about:blank');
    await page.route('**/api/map?**', (route) => route.fulfill({ json: mapOf(500) }));
    const worker = page.waitForEvent('worker');
    await page.goto(`${application.page}?view=map&from=1800000000&to=1800000001`);
    expect((await worker).url()).toContain('/layout-worker-');
    await page.getByText('500 nodes').waitFor();
    await until(page, "document.querySelectorAll('[data-node]').length === 500 && document.querySelectorAll('.map-edge').length === 499");
    const places = (await page.evaluate(
      "[...document.querySelectorAll('[data-node]')].map(({ parentElement }) => parentElement.getAttribute('transform'))",
    )) as string[];
    expect(new Set(places).size).toBe(500);
  });

  test('needs no more memory after ten more minutes, in the browser and in the server', async () => {
    // A history that is full by then.
    const application = await simulated({ routes: 10, methods: 40, others: 10 }, { maxBytes: 200_000 });
    const page = await browser.open(`${application.page}?view=components&sort=method&range=60`);
    await shown(page);
    const session = await page.context().newCDPSession(page);
    await pass(120, { application, page });
    const before = { page: await heapOfPage(session), server: heapOfServer() };
    await pass(600, { application, page });
    const after = { page: await heapOfPage(session), server: heapOfServer() };
    expect((after.page - before.page) / 2 ** 20).toBeLessThan(3);
    expect((after.server - before.server) / 2 ** 20).toBeLessThan(8);
  });
});
