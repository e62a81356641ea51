/** docs/reference/rules.md and the guide on alerts say what the rules are, in both directions. */
import { buildRules, catalogueFamilies, DEFAULT_RUNBOOK, DEFAULT_THRESHOLDS, type RuleFile } from '@tsukimi/dashboards';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { projectText } from '../../../../test/support/project.js';
import { importSnippets } from '../../../../test/support/snippets.js';
import { alerts as alertCases } from '../rules/areas/all-cases.js';

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: { readonly severity: string };
  readonly annotations?: { readonly runbook_url: string };
}

const rulesOf = (files: readonly RuleFile[]) =>
  files.flatMap(({ fileName, text }) =>
    (parse(text) as { groups: { rules: Rule[] }[] }).groups.flatMap(({ rules }) => rules.map((rule) => ({ fileName, ...rule }))),
  );

const rules = rulesOf(
  buildRules({ families: catalogueFamilies(), jobs: ['shop'], slos: [{ name: 'OrderController', objectiveRatio: 0.999 }] }),
);
const alerts = rules.filter(({ alert }) => alert !== undefined);

/** The cells of the tables under a heading, without their backticks. */
function rowsUnder(page: string, heading: string): string[][] {
  const section = page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = [...section.matchAll(/^\| (`.*) \|$/gm)].map(([, row = '']) => row.split(' | ').map((cell) => cell.replaceAll('`', '')));
  expect(rows.length).toBeGreaterThan(3);
  return rows;
}

describe('docs/reference/rules.md', () => {
  const page = projectText('docs/reference/rules.md');

  test('has every recording rule, in order, and no other', () => {
    const recordings = rules.flatMap(({ fileName, record }) => (record === undefined ? [] : [[fileName, record]]));
    expect(rowsUnder(page, 'Recording rules').map((row) => row.slice(0, 2))).toEqual(recordings);
  });

  test('has every alert with its severity and how long it holds, in order, and no other', () => {
    expect(rowsUnder(page, 'Alerts').map((row) => row.slice(0, 4))).toEqual(
      alerts.map(({ fileName, alert, labels, for: holds }) => [fileName, alert, labels?.severity, holds]),
    );
  });

  test('has the labels that the alerts have where they fire', () => {
    for (const [, alert, , , documented = ''] of rowsUnder(page, 'Alerts')) {
      const fired = alertCases.flatMap((rule) => (rule.alert === alert && typeof rule.fires === 'object' ? [rule.fires.labels] : []));
      for (const labels of fired) expect([...documented.split(', '), 'severity'].sort()).toEqual(Object.keys(labels).sort());
    }
  });

  test('has every threshold with its default, and speaks of each where it counts', () => {
    const rows = rowsUnder(page, 'Thresholds');
    expect(Object.fromEntries(rows.map(([name, value]) => [name, Number(value)]))).toEqual(DEFAULT_THRESHOLDS);
    const firesWhere = rowsUnder(page, 'Alerts').join('\n');
    for (const [name = ''] of rows.filter(([name]) => name !== 'sloMinimumEvents')) expect(firesWhere).toContain(name);
  });
});

describe('docs/guides/alerts-and-slos.md', async () => {
  const page = await importSnippets('docs/guides/alerts-and-slos.md', import.meta.url);

  test('has a section for each alert, which its annotation points to, in order', () => {
    const sections = [...page.text.matchAll(/^### (\w+)$/gm)].map(([, name = '']) => name);
    expect(sections).toEqual(alerts.map(({ alert }) => alert));
    expect(alerts.map(({ annotations }) => annotations?.runbook_url)).toEqual(
      sections.map((name) => `${DEFAULT_RUNBOOK}#${name.toLowerCase()}`),
    );
  });

  test('the snippet makes what it says', () => {
    const made = rulesOf(page.exported<RuleFile[]>('files'));
    const exprs = Object.fromEntries(made.map(({ alert, expr }) => [alert, expr]));
    expect(exprs['HttpLatencyHigh']).toContain('> 0.5\n');
    expect(exprs['HttpInFlightHigh']).toBe('avg_over_time(http_requests_in_flight{job="shop"}[5m]) > 250');
    expect(exprs['ScheduledTaskStopped']).toBeUndefined();
    expect(exprs['ScrapeMissing']).toBe('absent(up{job="shop"})');
    expect(exprs['ErrorBudgetGoneIn2Days']).toContain('> 14.4 * 0.001');
  });

  const hours: Readonly<Record<string, number>> = { '1h': 1, '6h': 6, '1d': 24, '3d': 72 };
  const rows = rowsUnder(page.text, 'Objectives');
  const paces = rows.filter((row) => row.length === 6);

  test('the factors and windows are those of the rules', () => {
    expect(paces).toHaveLength(4);
    for (const [alert, severity, factor, long, short] of paces) {
      const rule = alerts.find((one) => one.alert === alert);
      expect(rule?.labels?.severity).toBe(severity);
      expect(rule?.expr).toBe(
        [long, short]
          .map((window) => `job_slo:slo_events:bad_ratio_rate${window}{slo="OrderController"} > ${factor} * 0.001`)
          .join('\nand\n'),
      );
    }
  });

  test('the budget spent is the burn rate by the long window, of 720 hours', () => {
    for (const [, , factor, long = '', , spent = ''] of paces)
      expect(`${Math.round(((Number(factor) * (hours[long] ?? Number.NaN)) / 720) * 100)} %`).toBe(spent);
  });

  test('the times are burn rate by budget by window, by the share of bad ones', () => {
    const times = rows.filter((row) => row.length === 4);
    expect(times.map(([alert]) => alert)).toEqual(paces.map(([alert]) => alert));
    for (const [index, [, ...shown]] of times.entries()) {
      const [, , factor, long = ''] = paces[index] ?? [];
      const seconds = [1, 0.1, 0.01].map((bad) =>
        Number(factor) * 0.001 > bad ? undefined : (Number(factor) * 0.001 * (hours[long] ?? Number.NaN) * 3600) / bad,
      );
      expect(shown).toEqual(seconds.map(spokenTime));
    }
  });
});

function spokenTime(seconds: number | undefined): string {
  if (seconds === undefined) return 'never';
  const rounded = Math.round(seconds);
  const parts = [
    [Math.floor(rounded / 3600), 'h'],
    [Math.floor((rounded % 3600) / 60), 'min'],
    [rounded % 60, 's'],
  ] as const;
  return parts.flatMap(([count, unit]) => (count === 0 ? [] : [`${count} ${unit}`])).join(' ');
}
