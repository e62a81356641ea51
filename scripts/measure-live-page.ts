/**
 * `npm run measure:live-page`: how long the live page of a large application takes to open, and how long its frames take while a table is scrolled.
 * Needs Chromium. A figure of a machine that does other things beside says little.
 */
import type { Page } from 'playwright-core';
import { launchChromium } from '../packages/console/test/browser/support/chromium.js';
import { LARGE, simulate } from '../packages/console/test/browser/support/large-application.js';

const VIEWS = ['overview', 'routes', 'components', 'map', 'custom'];

/** Scrolls 75 rows a second for two seconds, while the table is updated. @returns the milliseconds of each frame */
const SCROLL = `new Promise((resolve) => {
  const frame = document.querySelector('.table-frame');
  const frames = [];
  const began = performance.now();
  let last = began;
  const draw = (now) => {
    frames.push(now - last);
    last = now;
    frame.scrollTop = (now - began) * 3;
    if (now - began < 2000) requestAnimationFrame(draw);
    else resolve(frames.slice(1));
  };
  requestAnimationFrame(draw);
})`;

async function opened(page: Page, url: string): Promise<number> {
  await page.goto('about:blank');
  const began = performance.now();
  await page.goto(url);
  for (;;) {
    const isShown = await page.evaluate("document.querySelector('main') !== null && document.querySelector('main .spinner') === null");
    if (isShown) return performance.now() - began;
  }
}

const application = await simulate(LARGE);
for (let second = 0; second < 5; second += 1) await application.second();
const browser = await launchChromium();
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  console.log(`${LARGE.routes} routes, ${LARGE.methods} methods, 5,000 series`);
  for (const view of VIEWS)
    console.log(`  ${view.padEnd(12)} opens in ${(await opened(page, `${application.page}?view=${view}`)).toFixed(0)} ms`);
  await opened(page, `${application.page}?view=components`);
  const timer = setInterval(() => void application.second(), 1000);
  const frames = ((await page.evaluate(SCROLL)) as number[]).sort((a, b) => a - b);
  clearInterval(timer);
  const at = (share: number): string => (frames[Math.floor(share * (frames.length - 1))] ?? 0).toFixed(1);
  console.log(`  scrolling    ${frames.length} frames, p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, longest ${at(1)} ms`);
} finally {
  await browser.close();
  await application.close();
}
