/** Every rule, with hand-computed cases, under promtool. */
import { buildRules, catalogueFamilies } from '@tsukimi/dashboards';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { alerts as alertCases, areas, recordings as recordingCases } from './areas/all-cases.js';
import * as slo from './areas/slo.cases.js';
import { type AlertCase, promtool, type RecordingCase, type RuleCase, RuleFolder, type Verdict } from './support/promtool.js';

interface Rule {
  readonly alert?: string;
  readonly record?: string;
}

const files = buildRules({
  families: catalogueFamilies(),
  jobs: ['shop', 'mail'],
  slos: [
    { name: 'OrderController', objectiveRatio: 0.999, latencyThresholdSeconds: 0.25 },
    { name: 'MailService.send', objectiveRatio: 0.9 },
  ],
});
const rules = files.flatMap(({ text }) => (parse(text) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules));

const folder = new RuleFolder(files);
afterAll(() => folder[Symbol.dispose]());

describe('the cases', () => {
  const named = (kind: 'alert' | 'record') => [...new Set(rules.flatMap((rule) => rule[kind] ?? []))].sort();

  test('every alert has one that fires it with all it says, and one that does not', () => {
    const having = (outcome: (fires: AlertCase['fires']) => boolean) =>
      [...new Set(alertCases.filter(({ fires }) => outcome(fires)).map(({ alert }) => alert))].sort();
    expect(named('alert').length).toBeGreaterThan(20);
    expect(having((fires) => typeof fires === 'object')).toEqual(named('alert'));
    expect(having((fires) => fires === false)).toEqual(named('alert'));
  });

  test('every recording rule has one with a value', () => {
    const withValue = recordingCases.filter(({ gives }) => Object.values(gives).some((value) => value > 0));
    expect([...new Set(withValue.map(({ record }) => record))].sort()).toEqual(named('record'));
  });
});

describe.skipIf(promtool.skipReason)('promtool', () => {
  let verdicts: ReadonlyMap<RuleCase, Verdict>;
  beforeAll(async () => {
    verdicts = await folder.testAll(
      areas.flatMap(([area, { alerts, recordings }]) => [...recordings, ...alerts].map((rule) => [`${area}.yml`, rule] as const)),
    );
  });

  test('finds nothing wrong with the rules', () => {
    const { exitCode, output } = folder.check();
    expect([exitCode, output]).toEqual([0, expect.stringContaining('SUCCESS')]);
  });

  describe.each(areas)('%s', (_area, { alerts, recordings }) => {
    test.each(recordings.map((rule) => [rule.record, rule.why, rule] as const))('%s: %s', (_record, _why, rule) => {
      expect(verdicts.get(rule)).toEqual({ exitCode: 0, output: expect.stringContaining('SUCCESS') });
    });

    test.each(alerts.map((rule) => [rule.alert, rule.fires ? 'fires' : 'does not', rule.why, rule] as const))(
      '%s %s: %s',
      (_alert, _outcome, _why, rule) => {
        expect(verdicts.get(rule)).toEqual({ exitCode: 0, output: expect.stringContaining('SUCCESS') });
      },
    );
  });

  describe('reports a case that is wrong', () => {
    const [fired] = slo.alerts.filter(({ fires }) => typeof fires === 'object');
    const [silent] = slo.alerts.filter(({ fires }) => fires === false);
    const [recorded] = slo.recordings;
    if (typeof fired?.fires !== 'object' || silent === undefined || recorded === undefined) throw new Error('slo.cases.ts has one of each');

    test.each<[string, AlertCase | RecordingCase]>([
      ['an alert that is silent, and should fire', { ...silent, fires: true }],
      ['an alert that fires, and should be silent', { ...fired, fires: false }],
      ['another label', { ...fired, fires: { ...fired.fires, labels: { ...fired.fires.labels, job: 'other' } } }],
      ['another summary', { ...fired, fires: { ...fired.fires, summary: 'other' } }],
      ['another description', { ...fired, fires: { ...fired.fires, description: 'other' } }],
      ['another value', { ...recorded, gives: { '{job="shop", slo="OrderController"}': 0.0026 } }],
    ])('%s', async (_what, wrong) => {
      expect(await folder.test('slo.yml', wrong)).toEqual({ exitCode: 1, output: expect.stringContaining('FAILED') });
    });
  });
});
