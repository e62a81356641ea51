/** The figures of the guide on scaling, from what an application of its size exposes; and its configuration for Prometheus. */
import { gzipSync } from 'node:zlib';
import { CATALOGUE } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { expect, test } from 'vitest';
import { projectText } from '../../../../test/support/project.js';

const guide = projectText('docs/guides/scaling.md');

const [ROUTES, METHODS] = [50, 200];
const SCRAPE_INTERVAL_SECONDS = 15;

/** A pseudo-random number from 0 to 1, the same in each run. */
function* numbers(): Generator<number, never> {
  for (let state = 1; ; ) {
    state = (state * 16807) % 2147483647;
    yield state / 2147483647;
  }
}

function application(): MetricsRegistry {
  const random = numbers();
  const next = () => random.next().value;
  const registry = new MetricsRegistry();
  const [requests, durations] = [registry.counter(CATALOGUE.httpRequests), registry.histogram(CATALOGUE.httpRequestDuration)];
  for (let route = 0; route < ROUTES; route += 1) {
    const labels = { method: 'GET', path: `/api/resource-${route}/:id` };
    for (const status of ['200', '404', '500']) requests.labels({ ...labels, status }).inc(Math.floor(next() * 1e6));
    for (let count = 0; count < 300; count += 1) durations.labels(labels).record(Math.exp(next() * 6 - 6));
  }
  const [calls, callDurations] = [registry.counter(CATALOGUE.componentCalls), registry.histogram(CATALOGUE.componentDuration)];
  for (let method = 0; method < METHODS; method += 1) {
    const labels = { component: `Component${method % 40}Service`, method: `method${method}` };
    for (const status of ['success', 'failure']) calls.labels({ ...labels, status }).inc(Math.floor(next() * 1e6));
    for (let count = 0; count < 300; count += 1) callDurations.labels(labels).record(Math.exp(next() * 6 - 8));
  }
  return registry;
}

/** The numbers in a row of the table of costs. */
function row(processes: string): number[] {
  const [, cells = ''] = new RegExp(`^\\| ${processes}[^|]*\\|(.*)\\|$`, 'm').exec(guide) ?? [];
  return cells.split('|').map((cell) => {
    const [, number = '', unit = ''] = /([\d.,]+)(?: (k|M)B)?/.exec(cell) ?? [];
    return Number(number.replaceAll(',', '')) * ({ k: 1e3, M: 1e6 }[unit] ?? 1);
  });
}

test('the table of costs is what the application exposes', async () => {
  const text = await application().expose();
  const series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
  for (const [processes, count] of [
    ['1,', 1],
    ['100 ', 100],
    ['10,000 ', 10_000],
  ] as const) {
    const [shownSeries, shownSamples, shownBytes] = row(processes);
    expect([shownSeries, shownSamples]).toEqual([series * count, (series * count) / SCRAPE_INTERVAL_SECONDS]);
    const bytes = (gzipSync(text).length * count) / SCRAPE_INTERVAL_SECONDS;
    expect((shownBytes ?? 0) / bytes).toBeGreaterThan(0.9);
    expect((shownBytes ?? 0) / bytes).toBeLessThan(1.1);
  }
  const native = ROUTES * (3 + 1) + METHODS * (2 + 1);
  expect(guide).toContain(`there are ${native} series for each process instead of ${series.toLocaleString('en')}`);
});
