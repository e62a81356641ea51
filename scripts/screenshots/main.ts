/**
 * `npm run screenshots`: starts the demo, sends it traffic, and takes a screenshot of every view of the live page, in light, dark and at the width of
 * a phone, to docs/images. Needs a build, and Chromium on PATH.
 *
 * `npm run screenshots -- --seconds 30` sends for another time first, `--output DIR` writes elsewhere, `--only map,profile` takes some of them.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../../packages/console/test/browser/support/chromium.js';
import { startDemoProgram } from '../../test/support/demo-program.js';
import { projectPath } from '../../test/support/project.js';
import { imageOf, MODES, type Mode, SHOTS, type Shot } from './shots.js';
import { sendWaves } from './traffic.js';

const QUALITY = 82;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '75' },
    output: { type: 'string', default: projectPath('docs/images') },
    only: { type: 'string', default: '' },
  },
});
const shots = SHOTS.filter(({ name }) => values.only === '' || values.only.split(',').includes(name));

const browser = await launchChromium();
const demo = await startDemoProgram();
const stopped = new AbortController();
const traffic = sendWaves(demo.url, Number(values.seconds), stopped.signal);
try {
  console.log(`Sending traffic for ${values.seconds} s ...`);
  await Promise.race([delay(Number(values.seconds) * 1000), traffic]);
  await mkdir(values.output, { recursive: true });
  for (const mode of MODES) await takeAll(browser, mode);
} finally {
  await browser.close();
  stopped.abort();
  await traffic;
  await demo.program.stop();
}

async function takeAll(browser: Browser, mode: Mode): Promise<void> {
  const { colorScheme, width, height } = mode;
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, timezoneId: 'UTC' });
  const page = await context.newPage();
  for (const shot of shots) {
    const image = await take(page, shot);
    await writeFile(join(values.output, imageOf(shot, mode)), image);
    console.log(`${imageOf(shot, mode)}  ${Math.ceil(image.length / 1024)} KiB`);
  }
  await context.close();
}

/** Playwright has no WebP; the browser has. */
async function take(page: Page, { query, press }: Shot): Promise<Buffer> {
  await page.goto(`${demo.url}/metrics/ui/?${query}`);
  await page.locator('main:not(:has(.spinner))').waitFor();
  if (press !== undefined) {
    await page.getByRole('button', { name: press.button, exact: true }).click();
    await page.waitForSelector(press.brings);
    await page.mouse.move(0, 0);
  }
  // Charts are drawn in the next frames.
  await delay(500);
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: QUALITY });
  await session.detach();
  return Buffer.from(data, 'base64');
}
