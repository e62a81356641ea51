/** `--histograms` of dashboard and rules, and what rules say of thresholds inside a bucket. */
import { buildDashboard, buildRules, catalogueFamilies, dashboardJson } from '@tsukimi/dashboards';
import { expect, it } from 'vitest';
import { containerProject } from './support/container-project.js';
import { emptyFolder, filesIn } from './support/folders.js';
import { runTsukimi } from './support/run-tsukimi.js';

it.each(['classic', 'native', 'both'] as const)('asks for %s histograms', async (histograms) => {
  const families = catalogueFamilies();
  const dashboard = await runTsukimi(['dashboard', '--histograms', histograms]);
  expect(dashboard).toEqual({ exitCode: 0, stdout: dashboardJson(buildDashboard({ families, histograms })), stderr: '' });
  const folder = await emptyFolder();
  expect(await runTsukimi(['rules', '--histograms', histograms, '-o', '.'], { cwd: folder })).toMatchObject({ exitCode: 0, stderr: '' });
  const files = buildRules({ families, histograms }).map(({ fileName, text }) => [fileName, text]);
  expect(await filesIn(folder)).toEqual(Object.fromEntries(files));
});

it.each(['dashboard', 'rules'])('%s refuses other values', async (command) => {
  expect(await runTsukimi([command, '--histograms', 'modern'])).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: `error: option '--histograms <kind>' argument 'modern' is invalid. Allowed choices are classic, native, both.\nSee: tsukimi ${command} --help\n`,
  });
});

it.each(['rules', 'compose'])('%s warns of a threshold inside a bucket', async (command) => {
  const cwd = await (command === 'compose' ? containerProject() : emptyFolder());
  const { exitCode, stderr } = await runTsukimi([command, '-o', '.', '--threshold', 'httpP95Seconds=0.7'], { cwd });
  expect([exitCode, stderr.split('\n')]).toEqual([0, [expect.stringMatching(/^warning: HttpLatencyHigh compares .* 0\.5 s to 1 s/), '']]);
});

it('rules for native histograms only have no buckets to warn of', async () => {
  const { exitCode, stderr } = await runTsukimi(['rules', '--histograms', 'native', '--threshold', 'httpP95Seconds=0.7']);
  expect([exitCode, stderr]).toEqual([0, '']);
});
