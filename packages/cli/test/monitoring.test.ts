/** `dashboard`, `rules` and `compose`: what they have in common, and what each gives. */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildDashboard, buildRules, catalogueFamilies, dashboardJson } from '@tsukimi/dashboards';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { freePort } from '../../../test/support/free-port.js';
import { containerProject, filesBeside } from './support/container-project.js';
import { startAnswering, startTeaApplication } from './support/exposition.js';
import { emptyFolder, filesIn } from './support/folders.js';
import { runTsukimi } from './support/run-tsukimi.js';

const RULE_FILES = ['components.yml', 'http.yml', 'metrics.yml', 'process.yml', 'scheduler.yml', 'scrape.yml'];
const DOCKER_FILES = [
  '.dockerignore',
  'Dockerfile',
  'application-production.yml',
  'docker-compose.yml',
  'grafana/dashboards/tsukimi.json',
  'grafana/provisioning/dashboards/tsukimi.yml',
  'grafana/provisioning/datasources/prometheus.yml',
  'prometheus.yml',
  ...RULE_FILES.map((file) => `prometheus/rules/${file}`),
];
/** Every command with the files that it writes to a folder. */
const COMMANDS: readonly [string, readonly string[]][] = [
  ['dashboard', ['tsukimi.json']],
  ['rules', RULE_FILES],
  ['compose', DOCKER_FILES],
];

function listed(word: string, paths: readonly string[], width: number): string {
  return paths.map((path) => `  ${word.padEnd(width)}  ${path}\n`).join('');
}

describe.each(COMMANDS)('%s -o', (command, paths) => {
  const folderFor = (name: string) => (name === 'compose' ? containerProject() : emptyFolder());
  const write = (folder: string, ...flags: string[]) => runTsukimi([command, '-o', '.', ...flags], { cwd: folder });

  it('writes its files, lists them, and leaves those alone that are right already', async () => {
    const folder = await folderFor(command);
    expect(await write(folder)).toEqual({ exitCode: 0, stdout: `.\n${listed('new', paths, 10)}`, stderr: '' });
    const files = await filesBeside(folder);
    expect(Object.keys(files)).toEqual(paths);
    expect(await write(folder)).toEqual({ exitCode: 0, stdout: `.\n${listed('unchanged', paths, 10)}`, stderr: '' });
    expect(await filesBeside(folder)).toEqual(files);
  });

  it('--check writes nothing, and ends with 1 where a file is missing or stale', async () => {
    const folder = await folderFor(command);
    const missing = await write(folder, '--check');
    const end = (count: number) =>
      `${count} of ${paths.length} files would change. Run the command without --check, and commit what it writes.\n`;
    expect(missing).toEqual({ exitCode: 1, stdout: listed('missing', paths, 13) + end(paths.length), stderr: '' });
    expect(await filesBeside(folder)).toEqual({});
    await write(folder);
    expect(await write(folder, '--check')).toEqual({ exitCode: 0, stdout: listed('up to date', paths, 13), stderr: '' });
    const path = paths.at(-1) ?? '';
    const text = (await filesBeside(folder))[path] ?? '';
    await writeFile(join(folder, path), `${text}\n`);
    const stale = await write(folder, '--check');
    expect([stale.exitCode, stale.stdout]).toEqual([
      1,
      listed('up to date', paths.slice(0, -1), 13) + listed('stale', [path], 13) + end(1),
    ]);
    expect((await filesBeside(folder))[path]).toBe(`${text}\n`);
    expect((await write(folder)).stdout).toContain(listed('updated', [path], 10));
    expect((await filesBeside(folder))[path]).toBe(text);
  });

  it('does not overwrite a file without the mark, unless forced to', async () => {
    const folder = await folderFor(command);
    const path = paths.at(-1) ?? '';
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), '# mine\n');
    const refused = await write(folder);
    expect([refused.exitCode, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toContain(
      `error TSK_ERR_OUTPUT_IN_THE_WAY: These files in . would be overwritten, so nothing was written:\n  ${path}\n`,
    );
    expect(await filesBeside(folder)).toEqual({ [path]: '# mine\n' });
    expect((await write(folder, '--check')).stdout).toContain(listed('not generated', [path], 13));
    expect((await write(folder, '--force')).stdout).toContain(listed('updated', [path], 10));
    expect(Object.keys(await filesBeside(folder))).toEqual(paths);
  });

  it('refuses an empty folder name', async () => {
    const { exitCode, stderr } = await runTsukimi([command, '-o', ' ']);
    expect([exitCode, stderr]).toEqual([
      2,
      `error TSK_ERR_OUTPUT_EMPTY: --output is empty. Name the folder to write to, such as tsukimi ${command} -o .\n`,
    ]);
  });

  it('--from adds what an application exposes, by any form of its address', async () => {
    const target = await startTeaApplication();
    const folder = await folderFor(command);
    const [, port] = target.split(':');
    expect((await write(folder, '--from', target)).exitCode).toBe(0);
    const texts = Object.values(await filesBeside(folder)).join('');
    if (command !== 'rules') expect(texts).toContain('teas_poured_total');
    if (command !== 'dashboard') expect(texts).toContain('slo="TeaService"');
    for (const from of [`http://${target}`, `http://${target}/metrics`, `http://${target}/metrics/prometheus`, `:${port}`, `${port}`])
      expect([from, (await write(folder, '--check', '--from', from)).exitCode]).toEqual([from, 0]);
  });

  it.each<[string, () => Promise<string> | string, string]>([
    ['nothing listens', async () => `127.0.0.1:${await freePort()}`, 'TSK_ERR_REMOTE_UNREACHABLE'],
    ['a denied client', () => startAnswering(404, 'application/json', '{}'), 'TSK_ERR_REMOTE_STATUS'],
    ['a web page', () => startAnswering(200, 'text/html', '<html></html>'), 'TSK_ERR_REMOTE_NOT_METRICS'],
    ['no exposition', () => startAnswering(200, 'text/plain', 'hello world !'), 'TSK_ERR_REMOTE_NOT_METRICS'],
  ])('--from %s fails, and writes nothing', async (_what, from, code) => {
    const folder = await folderFor(command);
    const { exitCode, stdout, stderr } = await write(folder, '--from', await from());
    expect([exitCode, stdout, stderr.split(':')[0], await filesBeside(folder)]).toEqual([1, '', `error ${code}`, {}]);
  });

  it.each([['http://'], [''], ['ftp://127.0.0.1']])('--from %j is no address: exit code 2, and nothing is written', async (from) => {
    const folder = await folderFor(command);
    const { exitCode, stdout, stderr } = await write(folder, '--from', from);
    expect([exitCode, stdout, stderr.split(':')[0], await filesBeside(folder)]).toEqual([2, '', 'error TSK_ERR_REMOTE_URL', {}]);
  });
});

describe.each(['dashboard', 'rules'])('%s without -o', (command) => {
  it.each(['--check', '--force'])('refuses %s, which is about files', async (flag) => {
    expect(await runTsukimi([command, flag])).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `error TSK_ERR_OUTPUT_MISSING: ${flag} only applies to files, and without -o no files are written. Add a folder: tsukimi ${command} ${flag} -o DIR\n`,
    });
  });
});

describe('dashboard', () => {
  it('prints what the library builds, which carries the mark', async () => {
    const { stdout } = await runTsukimi(['dashboard']);
    expect(stdout).toBe(dashboardJson(buildDashboard({ families: catalogueFamilies() })));
    expect(JSON.parse(stdout).description).toMatch(/^Generated by Tsukimi/);
  });

  it('takes a title and a uid, which is the name of the file', async () => {
    const folder = await emptyFolder();
    await runTsukimi(['dashboard', '--title', 'Shop', '--uid', 'shop', '-o', 'boards'], { cwd: folder });
    const files = await filesIn(folder);
    expect(Object.keys(files)).toEqual(['boards/shop.json']);
    expect(JSON.parse(files['boards/shop.json'] ?? '')).toMatchObject({ title: 'Shop', uid: 'shop' });
  });

  it.each([
    ['--uid', ''],
    ['--uid', '../shop'],
    ['--uid', 'x'.repeat(41)],
    ['--title', ' '],
  ])('refuses %s %j', async (option, value) => {
    const folder = await emptyFolder();
    const { exitCode, stderr } = await runTsukimi(['dashboard', option, value, '-o', '.'], { cwd: folder });
    expect([exitCode, stderr.split(':')[0], await filesIn(folder)]).toEqual([2, 'error TSK_ERR_DASHBOARD_OPTION', {}]);
  });
});

describe('rules', () => {
  it('prints all files as one, with every group', async () => {
    const { stdout } = await runTsukimi(['rules']);
    const separate = buildRules({ families: catalogueFamilies() }).flatMap(({ text }) => parse(text).groups);
    expect(separate.length).toBe(RULE_FILES.length);
    expect(parse(stdout)).toEqual({ groups: separate });
    expect(stdout).toMatch(/^# Generated by /);
    expect(stdout.match(/Generated by/g)).toHaveLength(1);
  });

  it('takes jobs, and refuses one without a name', async () => {
    const { stdout } = await runTsukimi(['rules', '--job', 'shop', '--job', 'moon']);
    const separate = buildRules({ families: catalogueFamilies(), jobs: ['shop', 'moon'] }).flatMap(({ text }) => parse(text).groups);
    expect(parse(stdout)).toEqual({ groups: separate });
    const { exitCode, stderr } = await runTsukimi(['rules', '--job', '']);
    expect([exitCode, stderr]).toEqual([
      2,
      "error: option '--job <name>' argument '' is invalid. Pass the job_name of the scrape configuration.\nSee: tsukimi rules --help\n",
    ]);
  });
});

describe('compose', () => {
  async function composeFor(configuration: Readonly<Record<string, string>>) {
    const folder = await emptyFolder();
    await rename(await containerProject({ 'application.yml': null, ...configuration }), join(folder, 'Moon & Shop'));
    const ended = await runTsukimi(['compose', '-o', 'Moon & Shop'], { cwd: folder });
    const files = await filesBeside(join(folder, 'Moon & Shop'));
    const compose = parse(files['docker-compose.yml'] ?? '{}');
    const [job] = parse(files['prometheus.yml'] ?? '{}').scrape_configs ?? [];
    return { ...ended, files, compose, job };
  }

  it('takes name, port and path from the configuration, as the profile production has them', async () => {
    const { compose, job, files } = await composeFor({
      'application.yml': 'app: { name: Tea "House" }\nserver: { port: 8100 }\nmetrics: { path: /internal/metrics, port: 9464 }\n',
      'application-production.yml': 'server: { port: 8200 }\nmetrics: { port: 9465 }\n',
    });
    expect([compose.name, compose.services.app.ports]).toEqual(['tea-house', ['127.0.0.1:8200:8200']]);
    expect(compose.services.app.healthcheck.test.at(-1)).toContain("fetch('http://127.0.0.1:9465/internal/metrics')");
    expect(job).toEqual({
      job_name: 'Tea "House"',
      metrics_path: '/internal/metrics/prometheus',
      static_configs: [{ targets: ['app:9465'] }],
    });
    expect(files['Dockerfile']).toContain('EXPOSE 8200\n');
  });

  it.each([
    [{}],
    [{ 'application.yml': '' }],
    [{ 'application.yml': '# nothing\n' }],
    [{ 'application.yml': 'server:\nmetrics: { port: null }' }],
  ])('takes the defaults, and the name of the folder, with %j', async (configuration) => {
    const { compose, job } = await composeFor(configuration);
    expect([compose.name, compose.services.app.ports, job.job_name, job.static_configs]).toEqual([
      'moon-shop',
      ['127.0.0.1:8000:8000'],
      'Moon & Shop',
      [{ targets: ['app:8000'] }],
    ]);
  });

  it('lets null in the production profile take a port of the metrics back', async () => {
    const { job } = await composeFor({
      'application.yml': 'metrics: { port: 9464 }',
      'application-production.yml': 'metrics: { port: null }',
    });
    expect(job.static_configs).toEqual([{ targets: ['app:8000'] }]);
  });

  const wouldNotStart =
    "The name, the ports and the path of the metrics can't be read from the configuration in FOLDER, because the application would not start with it: ";

  it.each([
    [
      'server: { port: http }',
      `${wouldNotStart}server.port: a text of 4 characters is not an integer (application.yml:1). Allowed: an integer from 0 to 65535.`,
    ],
    [
      'server: { port: 0 }',
      'server.port is 0 (application.yml), which means any free port, so Prometheus could not know which port of the container to scrape. Set it to a port from 1 to 65535.',
    ],
    [
      'metrics: { path: metrics }',
      `${wouldNotStart}metrics.path: a text of 7 characters is not a path (application.yml:1). Begin it with a slash, do not end it with one, and use letters, digits and - . _ ~, such as /metrics.`,
    ],
    [
      'app: { name: [] }',
      `${wouldNotStart}app.name: a list of 0 entries is not a string (application.yml:1). Allowed: a string that is not empty.`,
    ],
    [
      'server: { port: 1',
      `${wouldNotStart}FOLDER/application.yml, line 1, column 18: The indentation is wrong, or a bracket is not closed. Correct the indentation, or close the bracket.`,
    ],
  ])('refuses %s', async (text, message) => {
    const { exitCode, stderr, files } = await composeFor({ 'application.yml': text });
    expect(exitCode).toBe(1);
    expect(stderr.replaceAll(/\/\S+\/Moon & Shop/g, 'FOLDER')).toBe(`error TSK_ERR_COMPOSE_CONFIGURATION: ${message}\n`);
    expect(Object.keys(files)).toEqual([]);
  });

  it('takes a number for the name, as the application does', async () => {
    const { compose } = await composeFor({ 'application.yml': 'app: { name: 7 }' });
    expect(compose.name).toBe('7');
  });

  it('keeps a Dockerfile of yours', async () => {
    const { exitCode, stdout, files } = await composeFor({ Dockerfile: 'FROM scratch\n' });
    expect([exitCode, files['Dockerfile']]).toEqual([0, 'FROM scratch\n']);
    expect(stdout).toContain('  kept        Dockerfile\n');
  });

  it('refuses a folder that is a file', async () => {
    const folder = await emptyFolder();
    await writeFile(join(folder, 'shop'), '');
    const { exitCode, stderr } = await runTsukimi(['compose', '-o', 'shop'], { cwd: folder });
    expect([exitCode, stderr.split(':')[0]]).toEqual([1, 'error TSK_ERR_OUTPUT_FOLDER']);
  });
});
