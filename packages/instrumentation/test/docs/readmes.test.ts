/** The examples in the READMEs of @tsukimi/instrumentation and tsukimi run. */
import type { Class } from '@tsukimi/core';
import { expect, test } from 'vitest';
import { importSnippets } from '../../../../test/support/snippets.js';
import { linesOf } from '../support/scrape.js';
import { start } from '../support/start.js';

const instrumentation = await importSnippets('packages/instrumentation/README.md', import.meta.url);
const tsukimi = await importSnippets('packages/tsukimi/README.md', import.meta.url);

test('@tsukimi/instrumentation', async () => {
  const text = await instrumentation.exported<() => Promise<string>>('scrape')();
  expect(text).toContain('component_calls_total{component="MoonService",method="phase",status="success"} 1\n');
});

test('tsukimi', async () => {
  const { app, warnings } = await start(tsukimi.exported<Class>('MoonApplication'));
  expect((await app.inject('/moon')).json()).toEqual({ phase: 'full' });
  expect(await linesOf(app, 'http_requests_total')).toEqual(['http_requests_total{method="GET",path="/moon",status="200"} 1']);
  expect(warnings()).toEqual([]);
});
