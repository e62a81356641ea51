/** The map, the scheduler, the settings and profiles in a real browser. */
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { DependencyMap, SchedulerState } from '../../src/api-types.js';
import { shown, skipReason, until, useBrowser } from './support/browser.js';
import { type RunningMoon, startMoon } from './support/moon-application.js';

async function untilOnMap({ api }: RunningMoon, errorRate: number): Promise<void> {
  for (;;) {
    const { nodes } = await api<DependencyMap>('map');
    if (nodes.some((node) => node.name === 'MoonRepository' && node.errorRate === errorRate)) return;
  }
}

describe.skipIf(skipReason)('the live page', { timeout: 120_000 }, () => {
  const browser = useBrowser();

  test('draws what depends on what, and tells of a node', async () => {
    const moon = await startMoon();
    await moon.ask('/moon/1', '/moon/2', '/moon/3', '/moon/-1');
    await untilOnMap(moon, 0.25);
    const page = await browser.open(`${moon.page}?view=map`);
    await shown(page);
    const node = (name: string) => page.getByRole('button', { name: new RegExp(`^${name}, `) });
    expect(await node('MoonRepository').getAttribute('class')).toContain('level-many');
    await node('MoonService').click();
    await page.getByRole('heading', { name: 'MoonService' }).waitFor();
    expect(await page.locator('.map-links').allTextContents()).toEqual([expect.stringContaining('MoonRepository'), 'MoonController']);
    expect(new URL(page.url()).searchParams.get('node')).toBe('component:MoonService');
    await page.locator('.map-links').getByText('MoonRepository').click();
    await page.getByRole('heading', { name: 'MoonRepository' }).waitFor();
    expect(await page.locator('.map-details .wrong').textContent()).toBe('25.0\u202f%');

    const other = await browser.open(page.url());
    await other.getByRole('heading', { name: 'MoonRepository' }).waitFor();
    await other.getByRole('link', { name: 'Its methods' }).click();
    await other.getByRole('heading', { name: 'Components', level: 1 }).waitFor();
    expect(await other.getByRole('searchbox').inputValue()).toBe('MoonRepository');
  });

  test('the map is walked, searched, magnified and moved, and read as a list', async () => {
    const moon = await startMoon();
    await moon.ask('/moon/1');
    await untilOnMap(moon, 0);
    const page = await browser.open(`${moon.page}?view=map`);
    await shown(page);
    const focused = () => page.evaluate('document.activeElement.dataset.node');
    await page.locator('[data-node="routes:http"]').focus();
    await page.keyboard.press('ArrowRight');
    expect(await focused()).toBe('component:MoonController');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'MoonService' }).waitFor();
    await page.keyboard.press('Escape');
    await until(page, "document.querySelector('.map-details') === null");
    expect(await focused()).toBe('component:MoonService');

    const transform = () => page.locator('.map > g').getAttribute('transform');
    await page.getByRole('button', { name: 'Fit' }).click();
    const before = await transform();
    await page.mouse.move(800, 600);
    await page.mouse.down();
    await page.mouse.move(760, 580, { steps: 4 });
    await page.mouse.up();
    const dragged = await transform();
    expect(dragged).not.toBe(before);
    await page.mouse.wheel(0, -200);
    await until(page, `document.querySelector('.map > g').getAttribute('transform') !== ${JSON.stringify(dragged)}`);
    await page.getByRole('button', { name: 'Fit' }).click();
    await until(page, `document.querySelector('.map > g').getAttribute('transform') === ${JSON.stringify(before)}`);

    await page.getByRole('searchbox').fill('repository');
    await page.getByText(/^1 of \d+ nodes$/).waitFor();
    expect(await page.locator('.map-node:not(.map-faded) .map-name').allTextContents()).toEqual(['MoonRepository']);
    await page.getByRole('button', { name: 'List' }).click();
    await page.getByRole('row', { name: /^MoonRepository repository/ }).waitFor();
    expect(await page.locator('tbody tr').count()).toBe(1);
  });

  test('shows tasks with their runs', async () => {
    const moon = await startMoon();
    for (;;) {
      const { tasks } = await moon.api<SchedulerState>('scheduler');
      if (tasks.some(({ runs }) => runs.length > 0)) break;
    }
    const page = await browser.open(`${moon.page}?view=scheduler`);
    await shown(page);
    await page.getByRole('row', { name: /rise.*in .*succeeded/ }).waitFor();
    await page.getByRole('button', { name: 'rise', expanded: false }).click();
    await page.getByRole('table', { name: 'Last runs of rise' }).getByText('succeeded').first().waitFor();
    expect(new URL(page.url()).searchParams.get('task')).toBe('rise');
    await page.getByRole('searchbox').fill('set');
    await page.getByText('No task has this name.').waitFor();
  });

  test('shows settings with their source, and no secret', async () => {
    const moon = await startMoon(0, { mail: { host: '<img src=x onerror=alert(1)>', password: 'hunter2' } });
    const page = await browser.open(`${moon.page}?view=settings`);
    await shown(page);
    const row = (name: string) => page.getByRole('row', { name });
    await row('mail.host <img src=x onerror=alert(1)> configuration option').waitFor();
    await row('mail.password hidden configuration option').waitFor();
    await row('metrics.path /metrics default').waitFor();
    expect(await page.locator('main img').count()).toBe(0);
    expect(await page.innerText('body')).not.toContain('hunter2');
    await page.getByRole('button', { name: 'Without defaults' }).click();
    await until(page, "!document.querySelector('main').textContent.includes('metrics.path')");
    await page.getByRole('searchbox').fill('mail host');
    await page.getByText(/^1 of \d+ settings$/).waitFor();
    expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({ view: 'settings', only: 'set', filter: 'mail host' });
  });

  test('takes a profile, shows whose time it was, and saves it', async () => {
    const moon = await startMoon();
    const page = await browser.open(`${moon.page}?view=profile&seconds=2`);
    await shown(page);
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByText('Profiling the CPU').waitFor();
    // It goes on while the reader looks elsewhere.
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
    await page.getByRole('link', { name: 'Profile' }).click();
    await page.getByRole('heading', { name: 'CPU profile' }).waitFor();
    await page.getByRole('table').getByText('Outside any component').waitFor();
    expect(await page.getByRole('treeitem').first().getAttribute('aria-label')).toMatch(/^Everything, .*, 100\u202f%$/);
    await page.getByRole('treeitem').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Show all' }).click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Save .cpuprofile' }).click()]);
    expect(download.suggestedFilename()).toMatch(/^cpu-\d{8}T\d{6}Z\.cpuprofile$/);
    expect(Object.keys(JSON.parse(readFileSync(await download.path(), 'utf8')))).toContain('samples');
    expect(await page.getByRole('link', { name: 'Save for pprof' }).getAttribute('download')).toMatch(/\.pb\.gz$/);
  });

  test('says who else takes a profile, and cancels its own', async () => {
    const moon = await startMoon();
    const page = await browser.open(`${moon.page}?view=profile`, { allowed: /409/ });
    await shown(page);
    const other = request(`${moon.url}/metrics/profile/cpu?seconds=60`);
    onTestFinished(() => void other.destroy());
    other.on('error', () => {}).end();
    await page.getByText('Another client runs a CPU profile of 60 s for 127.0.0.1').waitFor();
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByRole('alert').getByText('Another profile is running.').waitFor();
    other.destroy();
    await until(page, "!document.querySelector('main').textContent.includes('Another client')");
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Find the method behind the number.').waitFor();
    for (;;) {
      const { running } = (await (await fetch(`${moon.url}/metrics/profile`)).json()) as { readonly running: string | null };
      if (running === null) break;
    }
  });

  test('says that profiles are switched off, and how to switch them on', async () => {
    const moon = await startMoon(0, { instrumentation: { profile: { enabled: false } } });
    const page = await browser.open(`${moon.page}?view=profile`);
    await page.getByText('instrumentation.profile.enabled').waitFor();
    expect(await page.getByRole('button', { name: 'Start' }).count()).toBe(0);
  });
});
