/** docs/reference/endpoints.md: the JSON, the text and the Accept rule are what the endpoints give. */
import type { Class } from '@tsukimi/core';
import { expect, test } from 'vitest';
import { importSnippets } from '../../../../test/support/snippets.js';
import { jsonView } from '../support/scrape.js';
import { start } from '../support/start.js';

const page = await importSnippets('docs/reference/endpoints.md', import.meta.url);
const TYPES = {
  JSON: /^application\/json/,
  text: /^text\/plain; version=0\.0\.4/,
  OpenMetrics: /^application\/openmetrics-text; version=1\.0\.0/,
  protobuf: /^application\/vnd\.google\.protobuf; proto=io\.prometheus\.client\.MetricFamily; encoding=delimited$/,
};
const block = (language: string): string => page.blocks.find((each) => each.language === language)?.code ?? '';

async function used() {
  const { app } = await start(page.exported<Class>('MoonApplication'));
  expect((await app.inject('/moon/15')).statusCode).toBe(200);
  expect((await app.inject('/moon/-1')).statusCode).toBe(404);
  return app;
}

/** What differs from run to run, by kind. */
function withoutTimes(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (key, part: unknown) => {
    if (typeof part === 'number' && /(_ms|_mb|percent|utilization|uptime_seconds)$/.test(key)) return 'a number';
    return /^(timestamp|last_called)$/.test(key) && typeof part === 'string' && !Number.isNaN(Date.parse(part)) ? 'a time' : part;
  });
}

test.runIf(process.platform === 'linux')('the JSON on the page is the endpoint’s', async () => {
  expect(withoutTimes(await jsonView(await used()))).toEqual(withoutTimes(JSON.parse(block('json'))));
});

test('the text on the page is the endpoint’s', async () => {
  const { body } = await (await used()).inject('/metrics/prometheus');
  expect(body).toContain(block('text'));
});

test('the Accept rule is the table', async () => {
  const app = await used();
  const rows = [...page.text.matchAll(/^\| (.*?) \| (JSON|text|OpenMetrics|protobuf)(?:: .*)? \|$/gm)];
  expect(rows).toHaveLength(11);
  for (const [, cell = '', answer] of rows) {
    for (const [, accept = ''] of cell.matchAll(/`([^`]+)`/g)) {
      const { headers } = await app.inject({ url: '/metrics', headers: { accept } });
      expect(headers['content-type'], accept).toMatch(TYPES[answer as keyof typeof TYPES]);
    }
  }
});

test('the profile of a program names its method', async () => {
  const profiled = page.exported<() => Promise<readonly { readonly component: string; readonly method: string }[]>>('profiled');
  expect((await profiled()).map(({ component, method }) => `${component}.${method}`)).toContain('Sorter.sort');
});

test('the keys of a profile are in the table', async () => {
  const { app } = await start(page.exported<Class>('MoonApplication'));
  const [section = ''] = /^## Profiles$[\s\S]*?(?=^## )/m.exec(page.text) ?? [];
  for (const kind of ['cpu', 'heap']) {
    const keys = Object.keys((await app.inject(`/metrics/profile/${kind}?seconds=0.1`)).json());
    expect(keys.filter((key) => !section.includes(`\`${key}\``))).toEqual([]);
  }
});
