/** `?name[]=`: a scrape of some metrics only. */
import { InstrumentationProvider } from '@tsukimi/instrumentation';
import { expect, test } from 'vitest';
import { instrumentedApplication, start } from '../support/start.js';

const App = instrumentedApplication([]);

async function families(url: string, accept = 'text/plain'): Promise<string[]> {
  const { app } = await start(App);
  app.resolve(InstrumentationProvider).recordMetric('moons_total', 3);
  const answer = await app.inject({ url, headers: { accept } });
  expect(answer.statusCode).toBe(200);
  return [...answer.body.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name as string);
}

test.each<[string, string, string[]]>([
  ['one', '?name[]=moons_total', ['moons_total']],
  ['several, in the order of the registry', '?name[]=moons_total&name[]=http_requests_total', ['http_requests_total', 'moons_total']],
  ['one twice', '?name[]=moons_total&name[]=moons_total', ['moons_total']],
  ['as browsers encode it', '?name%5B%5D=moons_total', ['moons_total']],
  ['beside other parameters', '?x=1&name[]=moons_total&y', ['moons_total']],
  ['one that does not exist', '?name[]=suns_total', []],
  ['an empty one', '?name[]=', []],
  ['one that is broken', '?name[]=%E0%A4%A', []],
  ['one that is in every object', '?name[]=constructor&name[]=__proto__', []],
])('%s', async (_, query, expected) => {
  for (const path of ['/metrics', '/metrics/prometheus']) expect(await families(`${path}${query}`)).toEqual(expected);
});

test('in OpenMetrics, by the same names', async () => {
  expect(await families('/metrics?name[]=moons_total', 'application/openmetrics-text')).toEqual(['moons']);
});

test.each(['', '?', '?name=moons_total', '?names[]=moons_total', '?other=1'])('everything for "%s"', async (query) => {
  expect(await families(`/metrics/prometheus${query}`)).toEqual(
    expect.arrayContaining(['http_requests_total', 'system_cpu_percent', 'moons_total']),
  );
});

test('the JSON view is always whole', async () => {
  const { app } = await start(App);
  const { instrumentation } = (await app.inject('/metrics?name[]=moons_total')).json();
  expect(Object.keys(instrumentation)).toEqual(['system', 'http', 'components', 'custom']);
});
