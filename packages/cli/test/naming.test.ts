/** `--naming` of dashboard and rules, and the naming that compose finds in the configuration. */
import { buildDashboard, buildRules, catalogueFamilies, dashboardJson } from '@tsukimi/dashboards';
import { expect, it } from 'vitest';
import { containerProject, filesBeside } from './support/container-project.js';
import { emptyFolder, filesIn } from './support/folders.js';
import { runTsukimi } from './support/run-tsukimi.js';

const families = catalogueFamilies();

it.each(['tsukimi', 'otel'] as const)('asks for the names of %s', async (naming) => {
  const dashboard = await runTsukimi(['dashboard', '--naming', naming]);
  expect(dashboard).toEqual({ exitCode: 0, stdout: dashboardJson(buildDashboard({ families, naming })), stderr: '' });
  const folder = await emptyFolder();
  expect(await runTsukimi(['rules', '--naming', naming, '-o', '.'], { cwd: folder })).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await filesIn(folder)).toEqual(Object.fromEntries(buildRules({ families, naming }).map(({ fileName, text }) => [fileName, text])));
});

it.each(['dashboard', 'rules'])('%s refuses other values', async (command) => {
  expect(await runTsukimi([command, '--naming', 'both'])).toMatchObject({
    exitCode: 2,
    stderr: `error: option '--naming <naming>' argument 'both' is invalid. Allowed choices are tsukimi, otel.\nSee: tsukimi ${command} --help\n`,
  });
});

it.each([
  ['otel', 'http_server_request_duration_seconds', 'http_requests_total'],
  ['both', 'http_requests_total', 'http_server_request_duration_seconds'],
])('compose asks for the names of an application with metrics.naming: %s', async (naming, asked, other) => {
  const folder = await containerProject({ 'application.yml': `metrics:\n  naming: ${naming}\n` });
  expect(await runTsukimi(['compose'], { cwd: folder })).toMatchObject({ exitCode: 0 });
  const files = await filesBeside(folder);
  const queries = [files['grafana/dashboards/tsukimi.json'], files['prometheus/rules/http.yml']];
  for (const text of queries) expect([text?.includes(asked), text?.includes(other)]).toEqual([true, false]);
});
