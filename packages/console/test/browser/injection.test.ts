/** What comes from the application is shown as text, wherever it stands. */
import { fastify } from 'fastify';
import type { Page } from 'playwright-core';
import { httpInstrumentation, instrument, MetricsRegistry } from 'tsukimi';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Meta } from '../../src/api-types.js';
import { shown, skipReason, until, useBrowser } from './support/browser.js';
import { startMoon } from './support/moon-application.js';

const markup = (place: string): string => `<img src=x onerror="globalThis.hit='${place}'"><b id="${place}">${place}</b>`;

/** Metric and label names can't hold markup. */
const PLACES = ['component', 'message', 'help', 'label'] as const;

class Moon {
  phase(): never {
    throw new Error(markup('message'));
  }
}

async function startTricky(): Promise<string> {
  const registry = new MetricsRegistry();
  const moon = instrument(new Moon(), { registry, component: markup('component'), thrownErrorClasses: true });
  const app = fastify();
  onTestFinished(() => app.close());
  await app.register(httpInstrumentation, { registry, console: true, allowedIps: ['127.0.0.1'] });
  app.get(`/${markup('route')}`, async () => moon.phase());
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const meta = async (): Promise<Meta> => (await (await fetch(`${url}/metrics/ui/api/meta`)).json()) as Meta;
  while ((await meta()).history.bytes === 0);
  const phases = registry.counter({ name: 'moon_phases_total', help: markup('help'), labelNames: ['phase'] });
  phases.labels({ phase: markup('label') }).inc();
  await (await fetch(`${url}/${encodeURI(markup('route'))}`)).arrayBuffer();
  return `${url}/metrics/ui/`;
}

/** Waits for the text, and then looks whether it became an element. */
async function expectText(page: Page, place: string): Promise<void> {
  await until(page, `document.querySelector('main').textContent.includes(${JSON.stringify(markup(place))})`);
  await expectNoMarkup(page);
}

async function expectNoMarkup(page: Page): Promise<void> {
  const found = '[globalThis.hit, ...[...document.querySelectorAll("img, b[id], main script")].map((element) => element.outerHTML)]';
  expect(await page.evaluate(found)).toEqual([undefined]);
}

describe.skipIf(skipReason)('markup is shown as text', { timeout: 300_000 }, () => {
  const browser = useBrowser();

  test('of routes, components, messages of errors, help texts and values of labels', async () => {
    const live = await startTricky();
    const page = await browser.open(`${live}?view=routes`);
    await expectText(page, 'route');
    await page.locator('.row-link').first().click();
    await expectText(page, 'message');
    await expectText(page, 'component');
    await page.goto(`${live}?view=components`);
    await expectText(page, 'component');
    await page.locator('.row-link').first().click();
    await expectText(page, 'message');
    await page.goto(`${live}?view=custom&name=moon_phases_total`);
    for (const place of PLACES.slice(2)) await expectText(page, place);
    await page.goto(`${live}?view=custom&name=component_calls_total`);
    await expectText(page, 'component');
    await page.goto(`${live}?view=map`);
    await shown(page);
    await expectNoMarkup(page);
  });

  test('of the configuration, and of the name of the application', async () => {
    const moon = await startMoon(0, { app: { name: markup('name'), version: markup('version') } });
    const page = await browser.open(`${moon.page}?view=settings`);
    await until(page, `document.body.textContent.includes(${JSON.stringify(markup('version'))})`);
    await until(page, `document.querySelector('.brand-name').textContent === ${JSON.stringify(markup('name'))}`);
    await expectNoMarkup(page);
  });

  test('of the address', async () => {
    const moon = await startMoon();
    const page = await browser.open(moon.page);
    const marked = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, markup(`address-${name}`)]));
    const views = ['routes', 'custom', 'settings'];
    // With a filter that nothing fits, the other parameters have nothing to show.
    const parameters = [marked('range', 'sort', 'name', 'method'), marked('filter')];
    const addresses = [marked('view'), ...views.flatMap((view) => parameters.map((each) => ({ view, ...each })))];
    for (const address of addresses) {
      await page.goto(`${moon.page}?${new URLSearchParams(address)}`);
      await shown(page);
      await expectNoMarkup(page);
    }
  });
});
