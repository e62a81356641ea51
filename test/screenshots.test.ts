/** The screenshots of the live page: each view has its own, and each is used or looked up by name. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { imageOf, MODES, SHOTS } from '../scripts/screenshots/shots.js';
import { projectPath, projectText } from './support/project.js';

const IMAGES = projectPath('docs/images');
const FILES = SHOTS.flatMap((shot) => MODES.map((mode) => imageOf(shot, mode)));

describe('docs/images', () => {
  test('has a screenshot of each view in each mode, and nothing else', () => {
    expect(readdirSync(IMAGES).sort(), 'npm run screenshots').toEqual(FILES.toSorted());
  });

  test('has small files', () => {
    for (const file of FILES) expect(statSync(join(IMAGES, file)).size, file).toBeLessThan(120 * 1024);
  });

  test('every view of the navigation has a screenshot', () => {
    const views = [...projectText('packages/console/app/views/views.ts').matchAll(/\bname: '(\w+)'/g)].map(([, name]) => name);
    expect(views.length).toBeGreaterThanOrEqual(8);
    for (const view of views) expect(SHOTS.map(({ name }) => name)).toContain(view);
  });
});

test.each(['README.md', 'docs/guides/live-page.md'])('the images in %s exist', (page) => {
  const used = [...projectText(page).matchAll(/images\/([\w-]+\.\w+)/g)].map(([, file]) => file);
  expect(used.length).toBeGreaterThan(0);
  for (const file of used) expect(FILES).toContain(file);
});
