/** The guide on call observers does what it says. */
import type { Class } from '@tsukimi/core';
import { expect, test } from 'vitest';
import { importSnippets } from '../../../../test/support/snippets.js';
import { start } from '../support/start.js';

const page = await importSnippets('docs/guides/observe-calls.md', import.meta.url);

test('slow calls are logged, and no others', async () => {
  const TelescopeService = page.exported<Class<{ expose(milliseconds: number): Promise<string> }>>('TelescopeService');
  const { app, logs } = await start(page.exported<Class>('ObservatoryApplication'));
  const telescope = app.resolve(TelescopeService);
  // Timers may fire a millisecond early.
  expect([await telescope.expose(60), await telescope.expose(80)]).toEqual(['image', 'image']);
  const slow = logs.filter(({ msg }) => msg === 'slow call');
  expect(slow.map(({ level, component, method, status }) => [level, component, method, status])).toEqual(
    Array(2).fill([40, 'TelescopeService', 'expose', 'success']),
  );
  for (const { durationSeconds } of slow) expect(durationSeconds).toBeGreaterThanOrEqual(0.05);
});

test('without the framework, the observer is told until it is stopped', () => {
  expect(page.exported<string[]>('calls')).toEqual(['Dome.open success']);
});
