/** A connection on which nothing comes: because nothing happens, and because the server does not answer any more. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { startDemoProgram } from '../../../../test/support/demo-program.js';
import { skipReason, useBrowser } from './support/browser.js';
import { simulate } from './support/large-application.js';

describe.skipIf(skipReason)('the live page', { timeout: 300_000 }, () => {
  const browser = useBrowser();

  test('says so when a connection has died without an error, and connects again', async () => {
    const { program, url } = await startDemoProgram();
    onTestFinished(async () => {
      program.signal('SIGCONT');
      await program.stop();
    });
    const page = await browser.open('about:blank', { allowed: /net::ERR_/ });
    await page.clock.install();
    await page.goto(`${url}/metrics/ui/?view=routes`);
    await page.getByText('Live', { exact: true }).waitFor();
    program.signal('SIGSTOP');
    const gone = page.getByText('The application does not answer.');
    // What was under way when it stopped may arrive later.
    while ((await gone.count()) === 0) await page.clock.runFor(10_000);
    program.signal('SIGCONT');
    await page.getByText('Live', { exact: true }).waitFor();
  });

  test('lets times go on where nothing happens, but not while it is paused', async () => {
    const application = await simulate({ routes: 3, methods: 3, others: 0 });
    onTestFinished(() => application.close());
    await application.second();
    const page = await browser.open('about:blank');
    await page.clock.install();
    await page.goto(`${application.page}?view=routes`);
    const times = () => page.locator('tbody td:last-child').allTextContents();
    await page.locator('tbody td:last-child').first().waitFor();
    while (!(await times()).every((time) => /^\d{2}\ss ago$/.test(time))) await page.clock.runFor(1000);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Paused').waitFor();
    const paused = await times();
    await page.clock.runFor(12_000);
    expect(await times()).toEqual(paused);
  });
});
