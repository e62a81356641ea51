/** Objectives are read from what an application exposes. */
import { catalogueFamilies, mergeFamilies, readExposition, sloDefinitions } from '@tsukimi/dashboards';
import { expect, test } from 'vitest';

const exposed = (text: string) => mergeFamilies(catalogueFamilies(), readExposition(text));

test('the catalogue alone has none', () => {
  expect(sloDefinitions(catalogueFamilies())).toEqual([]);
  expect(sloDefinitions([])).toEqual([]);
});

test('each with its objective, and its time limit where it has one, by name', () => {
  const families = exposed(`# TYPE slo_objective_ratio gauge
slo_objective_ratio{slo="OrderController"} 0.995
slo_objective_ratio{slo="MailService.send"} 0.9
# TYPE slo_latency_threshold_seconds gauge
slo_latency_threshold_seconds{slo="OrderController"} 0.25
`);
  expect(sloDefinitions(families)).toEqual([
    { name: 'MailService.send', objectiveRatio: 0.9 },
    { name: 'OrderController', objectiveRatio: 0.995, latencyThresholdSeconds: 0.25 },
  ]);
});

test('one of two instances with the same objective is one', () => {
  const families = exposed(`# TYPE slo_objective_ratio gauge
slo_objective_ratio{slo="OrderController",instance="a"} 0.995
slo_objective_ratio{slo="OrderController",instance="b"} 0.995
`);
  expect(sloDefinitions(families)).toEqual([{ name: 'OrderController', objectiveRatio: 0.995 }]);
});

test.each([
  [
    'slo_objective_ratio{slo="A",instance="a"} 0.995\nslo_objective_ratio{slo="A",instance="b"} 0.99',
    'The service level objective "A" exists twice, with 0.995 and with 0.99. Keep one of them, or give them different names.',
  ],
  [
    'slo_objective_ratio{slo="A"} NaN',
    'The service level objective "A" has NaN as its objectiveRatio. Use a share between 0 and 1, such as 0.999.',
  ],
  ['slo_objective_ratio 0.9', 'The service level objective "" has "" as its name. Use a text.'],
])('%s is refused', (lines, message) => {
  expect(() => sloDefinitions(exposed(`# TYPE slo_objective_ratio gauge\n${lines}\n`))).toThrow(message);
});
