/** docs/reference/metric-catalogue.md and CATALOGUE say the same, in both directions. */
import { CATALOGUE } from '@tsukimi/instrumentation';
import { DURATION_BUCKETS_SECONDS, processMetrics } from '@tsukimi/metrics';
import { expect, test } from 'vitest';
import { projectText } from '../../../../test/support/project.js';

const page = projectText('docs/reference/metric-catalogue.md');

test('the table is the catalogue', () => {
  const documented = [...page.matchAll(/^\| `([a-z_]+)` \| (counter|gauge|histogram|info) \| (.*?) \| (.*?) \|$/gm)].map(
    ([, ...cells]) => cells,
  );
  const listed = Object.values(CATALOGUE).map(({ name, type, labelNames, help }) => [
    name,
    type,
    labelNames.map((label) => `\`${label}\``).join(', ') || 'none',
    help,
  ]);
  expect(documented).toEqual(listed);
});

test('every label is explained', () => {
  const explained = new Set([...page.matchAll(/^\| `([a-z_]+)`(?: of [\w ]+)? \| /gm)].map(([, label]) => label));
  const used = new Set(Object.values(CATALOGUE).flatMap(({ labelNames }) => [...labelNames] as string[]));
  const ofInfo = new Set<string>(CATALOGUE.applicationInfo.labelNames);
  expect([...used].filter((label) => !ofInfo.has(label) && !explained.has(label))).toEqual([]);
});

test('the buckets are the ones that are used', () => {
  expect(page).toContain(`the buckets ${DURATION_BUCKETS_SECONDS.join(', ')} seconds`);
  for (const { name, buckets } of [CATALOGUE.componentDuration, CATALOGUE.httpStreamDuration]) {
    expect(page).toContain(`\`${name}\` has the buckets ${buckets.map(decimal).join(', ')} seconds`);
  }
  for (const { buckets } of [CATALOGUE.httpRequestSize, CATALOGUE.httpResponseSize])
    expect(page).toContain(`the sizes of bodies have the buckets ${buckets.join(', ')} bytes`);
});

test('the process’s metrics are the ones the page speaks of', () => {
  const names = processMetrics().map((metric) => (metric as unknown as { readonly name: string }).name);
  expect(names.length).toBeGreaterThan(10);
  for (const name of names) expect(name).toMatch(/^(process|nodejs)_/);
});

/** Without an exponent, as people write small numbers. */
function decimal(bound: number): string {
  return bound < 1e-4 ? bound.toFixed(5) : String(bound);
}
