/** `dashboard`, `rules` and `compose` without a running application, and what is never dropped unasked. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { containerProject } from './support/container-project.js';
import { startTeaApplication } from './support/exposition.js';
import { emptyFolder, filesIn } from './support/folders.js';
import { runTsukimi } from './support/run-tsukimi.js';

const COMMANDS = [['dashboard'], ['rules'], ['compose']] as const;

/** A folder with a scrape in it, and the command in that folder. */
async function withScrape(command: string) {
  const target = await startTeaApplication();
  const folder = command === 'compose' ? await containerProject() : await emptyFolder();
  await writeFile(join(folder, 'scrape.txt'), await (await fetch(`http://${target}/metrics/prometheus`)).text());
  const run = (...flags: string[]) => runTsukimi([command, '-o', '.', ...flags], { cwd: folder });
  return { target, folder, run };
}

it.each(COMMANDS)('%s --from FILE makes what it makes from the application', async (command) => {
  const { target, folder, run } = await withScrape(command);
  expect((await run('--from', 'scrape.txt')).exitCode).toBe(0);
  for (const from of [target, './scrape.txt', join(folder, 'scrape.txt')])
    expect([from, (await run('--check', '--from', from)).exitCode]).toEqual([from, 0]);
});

it.each<[string, string | undefined, string]>([
  ['is not there', undefined, 'TSK_ERR_GENERATE_SCRAPE'],
  ['is empty', '\n# nothing\n', 'TSK_ERR_GENERATE_SCRAPE'],
  ['is JSON', '{"enabled":true}\n', 'TSK_ERR_FAMILY_EXPOSITION'],
])('--from FILE that %s is refused', async (_what, text, code) => {
  const folder = await emptyFolder();
  if (text !== undefined) await writeFile(join(folder, 'scrape.txt'), text);
  const { exitCode, stderr } = await runTsukimi(['rules', '-o', 'rules', '--from', 'scrape.txt'], { cwd: folder });
  expect([exitCode, stderr.split(':')[0], Object.keys(await filesIn(folder))]).toEqual([
    1,
    `error ${code}`,
    text === undefined ? [] : ['scrape.txt'],
  ]);
});

it('--from FILE that is not a scrape: the message names the file and the line, and quotes nothing', async () => {
  const folder = await emptyFolder();
  await writeFile(join(folder, 'scrape.txt'), 'teas 1\npassword=hunter2\n');
  const { exitCode, stderr } = await runTsukimi(['dashboard', '--from', './scrape.txt'], { cwd: folder });
  expect([exitCode, stderr]).toEqual([
    1,
    `error TSK_ERR_FAMILY_EXPOSITION: Line 2 of ${join(folder, 'scrape.txt')} (16 characters) is not a valid line of Prometheus's text format: a number is expected at its end. Pass the unchanged response of /metrics/prometheus.\n`,
  ]);
});

it.each([
  ['dashboard', ['  tsukimi.json: panels for teas_poured_total, per second\n']],
  ['rules', ['  slo.yml: the alerts for objectives\n']],
  [
    'compose',
    [
      '  grafana/dashboards/tsukimi.json: panels for teas_poured_total, per second\n',
      '  prometheus/rules/slo.yml: the alerts for objectives\n',
    ],
  ],
])('%s without --from does not drop what an application added', async (command, lines) => {
  const { folder, run } = await withScrape(command);
  await run('--from', 'scrape.txt');
  const files = await filesIn(folder);
  for (const flags of [[], ['--check']]) {
    const { exitCode, stdout, stderr } = await run(...flags);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^error TSK_ERR_OUTPUT_DROPPED: Without --from, the command knows only the catalogue/);
    for (const line of lines) expect(stderr).toContain(line);
  }
  expect(await filesIn(folder)).toEqual(files);
  expect((await run('--force')).exitCode).toBe(0);
  expect((await run()).exitCode).toBe(0);
});

it('an obsolete file of rules is reported by --check, and removed; one without the mark is kept', async () => {
  const { folder, run } = await withScrape('rules');
  await run('--from', 'scrape.txt');
  const scrape = await readFile(join(folder, 'scrape.txt'), 'utf8');
  await writeFile(join(folder, 'scrape.txt'), scrape.replace(/^.*slo_.*$/gm, '').replace(/\n+/g, '\n'));
  const checked = await run('--check', '--from', 'scrape.txt');
  expect([checked.exitCode, checked.stdout]).toEqual([1, expect.stringContaining('  obsolete       slo.yml\n1 of 7 files would change.')]);
  expect((await run('--from', 'scrape.txt')).stdout).toContain('  removed     slo.yml\n');
  expect((await run('--check')).exitCode).toBe(0);
  await writeFile(join(folder, 'slo.yml'), 'groups: []\n');
  expect((await run()).exitCode).toBe(0);
  expect(await readFile(join(folder, 'slo.yml'), 'utf8')).toBe('groups: []\n');
});

interface Rule {
  readonly alert?: string;
  readonly expr: string;
  readonly annotations?: { readonly runbook_url: string };
}

const alertsOf = (text: string): Rule[] =>
  (parse(text) as { groups: { rules: Rule[] }[] }).groups.flatMap(({ rules }) => rules.filter(({ alert }) => alert !== undefined));

it('rules can be chosen on the command line and in a file, where the command line wins', async () => {
  const folder = await emptyFolder();
  await writeFile(
    join(folder, 'rules.yml'),
    'jobs: [tea]\nwithout: [HttpInFlightHigh]\nthresholds: { httpP95Seconds: 0.5, cpuCores: 0.7 }\nrunbook: https://wiki.example/tea\n',
  );
  const { stdout, stderr } = await runTsukimi(
    [
      'rules',
      '--settings',
      'rules.yml',
      '--without',
      'HttpFailuresHigh',
      '--threshold',
      'httpP95Seconds=0.25',
      '--threshold',
      'startsPerHour=1e1',
    ],
    { cwd: folder },
  );
  expect(stderr).toBe('');
  const alerts = alertsOf(stdout);
  const exprOf = (name: string) => alerts.find(({ alert }) => alert === name)?.expr;
  expect([exprOf('HttpInFlightHigh'), exprOf('HttpFailuresHigh')]).toEqual([undefined, undefined]);
  expect(exprOf('HttpLatencyHigh')).toContain('> 0.25\n');
  expect(exprOf('CpuSaturated')).toBe('rate(process_cpu_seconds_total{job="tea"}[5m]) > 0.7');
  expect(exprOf('ApplicationRestarts')).toContain('> 10');
  for (const { alert = '', annotations } of alerts)
    expect(annotations?.runbook_url).toBe(`https://wiki.example/tea#${alert.toLowerCase()}`);
  const other = await runTsukimi(['rules', '--settings', 'rules.yml', '--runbook', 'https://wiki.example/moon'], { cwd: folder });
  expect(other.stdout).toContain('runbook_url: https://wiki.example/moon#');
});

it.each<[readonly string[], number, string]>([
  [['--without', 'HttpLatencyHi'], 2, 'TSK_ERR_DASHBOARD_OPTION: without is "HttpLatencyHi"; "HttpLatencyHigh", the nearest'],
  [['--threshold', 'cpuCore=1'], 2, 'TSK_ERR_DASHBOARD_OPTION: a name in thresholds is "cpuCore"; "cpuCores", the nearest'],
  [['--threshold', 'httpFailureRatio=5'], 2, 'TSK_ERR_DASHBOARD_OPTION: thresholds.httpFailureRatio is "5"'.replaceAll('"', '')],
  [['--threshold', 'cpuCores'], 2, "option '--threshold <name=number>' argument 'cpuCores' is invalid. Pass a name and a number"],
  [['--threshold', 'cpuCores=0x1'], 2, "option '--threshold <name=number>' argument 'cpuCores=0x1' is invalid."],
  [['--runbook', 'docs/alerts.md'], 2, 'TSK_ERR_DASHBOARD_OPTION: runbook is "docs/alerts.md"'],
])('%j is refused', async (flags, exitCode, message) => {
  const ended = await runTsukimi(['rules', ...flags]);
  expect([ended.exitCode, ended.stdout]).toEqual([exitCode, '']);
  expect(ended.stderr).toContain(message);
});

it.each([
  [
    'treshold: {}',
    '"treshold", which is not a setting of the rules. Did you mean thresholds? The settings are jobs, without, thresholds, runbook.',
  ],
  ['thresholds: { cpuCores: many }', 'thresholds.cpuCores of FILE must be of type number.'],
  ['without: HttpFailuresHigh', 'without of FILE must be of type array.'],
  ['[]', 'The content of FILE must be of type object or null.'],
  ['a: [', "FILE can't be read: "],
  ['thresholds: !vault { cpuCores: 2 }', "FILE can't be read: line 1: The file contains a tag that Tsukimi does not support."],
  ['without: [ScrapeDown]\nwithout: []', "FILE can't be read: line 2: Map keys must be unique."],
])('a settings file with %j is refused', async (text, message) => {
  const folder = await emptyFolder();
  await writeFile(join(folder, 'rules.yml'), text);
  const { exitCode, stderr } = await runTsukimi(['rules', '--settings', 'rules.yml'], { cwd: folder });
  expect([exitCode, stderr.split(':')[0]]).toEqual([1, 'error TSK_ERR_GENERATE_SETTINGS']);
  expect(stderr.replace(join(folder, 'rules.yml'), 'FILE')).toContain(message);
});
