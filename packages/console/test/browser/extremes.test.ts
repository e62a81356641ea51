/** Names of any length and numbers of any size: no value is cut off, or pushed out of sight. */
import type { Page } from 'playwright-core';
import { Application, CATALOGUE, Controller, createApplication, Get, Instrumented, MetricsRegistry, Scheduled, Service } from 'tsukimi';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MetricList, SchedulerState, Table } from '../../src/api-types.js';
import { shown, skipReason, useBrowser } from './support/browser.js';

const LENGTH = 500;
const long = (name: string): string => name.padEnd(LENGTH, 'x');

const Failure = { [long('Failure')]: class extends Error {} }[long('Failure')] as typeof Error;
Object.defineProperty(Failure.prototype, 'name', { value: Failure.name });

@Service()
class Tides {
  @Scheduled({ name: long('rise'), fixedRate: 1000 })
  rise(): never {
    throw new Failure(long('The tide does not rise '));
  }
}

@Controller('/tides')
class TideController {
  @Get(`/${long('low')}`)
  low(): never {
    throw new Failure(long('The tide is not low '));
  }
}

const LongNamed = {
  [long('Dike')]: class {
    async hold(): Promise<never> {
      throw new Failure(long('The dike does not hold '));
    }
  },
}[long('Dike')] as new () => { hold(): Promise<never> };
Service()(LongNamed);

@Instrumented()
@Application({ components: [Tides, TideController, LongNamed] })
class TideApplication {}

interface Running {
  readonly page: string;
  close(): Promise<void>;
}

async function startTides(): Promise<Running> {
  const app = await createApplication(TideApplication, {
    configuration: { server: { port: 0 }, logging: { level: 'silent' }, tides: { [long('key')]: long('value') } },
    environment: {},
    logger: false,
  });
  const url = await app.listen();
  const api = async <T>(path: string): Promise<T> => (await (await fetch(`${url}/metrics/ui/api/${path}`)).json()) as T;
  // What happened before the first sample is in no range.
  while ((await api<MetricList>('metrics')).metrics.length === 0);
  const registry = app.resolve(MetricsRegistry);
  const labels = { method: 'GET', path: '/tides/high' };
  registry
    .counter(CATALOGUE.httpRequests)
    .labels({ ...labels, status: '200' })
    .inc(1e15);
  registry
    .counter(CATALOGUE.httpRequests)
    .labels({ ...labels, status: '500' })
    .inc(1);
  for (const seconds of [1e-7, 3599, 1e6]) registry.histogram(CATALOGUE.httpRequestDuration).labels(labels).record(seconds);
  await expect(app.resolve(LongNamed).hold()).rejects.toThrow(Failure);
  await (await fetch(`${url}/tides/${long('low')}`)).arrayBuffer();
  while ((await api<Table<never>>('routes')).rows.length < 2);
  while ((await api<Table<never>>('components')).rows.length < 2);
  while ((await api<SchedulerState>('scheduler')).tasks.some(({ failures }) => failures === 0));
  return { page: `${url}/metrics/ui/`, close: () => app.close() };
}

/** Texts of cells and figures that are wider than their place, and what makes the view scroll sideways. */
async function tooWide(page: Page): Promise<string[]> {
  return await page.evaluate(`[...document.querySelectorAll('main, main .scroll, .table-scroll, td:not(.text):not(.spacer *), dd, .badge')]
    .filter((element) => element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== 'inline')
    .map((element) => element.tagName + '.' + element.className + ' ' + element.textContent.slice(0, 40))`);
}

describe.skipIf(skipReason)('the live page', { timeout: 300_000 }, () => {
  const browser = useBrowser();
  let tides: Running;
  beforeAll(async () => {
    if (skipReason === undefined) tides = await startTides();
  }, 60_000);
  afterAll(() => tides?.close());

  const open = async (parameters: Readonly<Record<string, string>>, viewport = { width: 1280, height: 800 }): Promise<Page> => {
    const page = await browser.open(`${tides.page}?${new URLSearchParams(parameters)}`, { viewport });
    await shown(page);
    return page;
  };

  test('writes numbers of any size so that they fit', async () => {
    const page = await open({ view: 'routes', filter: 'high' });
    expect(await page.getByTitle('1,000,000,000,000,001').textContent()).toBe('1.00\u202fP');
    expect(await tooWide(page)).toEqual([]);
    for (const width of [1280, 375]) {
      const detail = await open({ view: 'routes', method: 'GET', path: '/tides/high' }, { width, height: 800 });
      await detail.locator('.figures dd').first().waitFor();
      expect(await tooWide(detail)).toEqual([]);
    }
  });

  test('leaves names of any length room, and what is known of them in sight', async () => {
    const views: Record<string, string>[] = [
      { view: 'routes' },
      { view: 'components' },
      { view: 'routes', method: 'GET', path: `/tides/${long('low')}` },
      { view: 'components', component: LongNamed.name, method: 'hold' },
      { view: 'map', as: 'list' },
      { view: 'scheduler' },
      { view: 'settings' },
    ];
    for (const view of views) expect([view, await tooWide(await open(view))]).toEqual([view, []]);
    const page = await open({ view: 'map', node: `component:${LongNamed.name}` });
    const place = await page.getByRole('button', { name: 'Close' }).boundingBox();
    const heading = await page.getByRole('heading', { name: LongNamed.name }).boundingBox();
    expect(place?.y).toBeLessThan((heading?.y ?? 0) + 28);
    expect(place?.x).toBeGreaterThanOrEqual((heading?.x ?? 0) + (heading?.width ?? Number.NaN));
  });
});
