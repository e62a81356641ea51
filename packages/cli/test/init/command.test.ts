/** `tsukimi init`: which files it makes, and what it does with those that are there. */
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { emptyFolder, filesIn } from '../support/folders.js';
import { runTsukimi } from '../support/run-tsukimi.js';

const OWN = [
  '.gitignore',
  'README.md',
  'application-development.yml',
  'application-production.yml',
  'application.yml',
  'package.json',
  'scripts/dev.mjs',
  'src/application.ts',
  'src/controllers/book-controller.ts',
  'src/domain/book.ts',
  'src/main.ts',
  'src/repositories/book-repository.ts',
  'src/services/book-service.ts',
  'src/services/shelf-report.ts',
  'test/controllers/book-controller.test.ts',
  'test/services/book-service.test.ts',
  'test/services/shelf-report.test.ts',
  'test/support/application.ts',
  'tsconfig.build.json',
  'tsconfig.json',
  'vitest.config.ts',
];
const BESIDE = [
  '.dockerignore',
  'Dockerfile',
  'docker-compose.yml',
  'grafana/dashboards/tsukimi.json',
  'grafana/provisioning/dashboards/tsukimi.yml',
  'grafana/provisioning/datasources/prometheus.yml',
  'prometheus.yml',
  'prometheus/rules/components.yml',
  'prometheus/rules/http.yml',
  'prometheus/rules/metrics.yml',
  'prometheus/rules/process.yml',
  'prometheus/rules/scheduler.yml',
  'prometheus/rules/scrape.yml',
  'prometheus/rules/slo.yml',
];

it('makes every file, lists them, and says what to type next', async () => {
  const folder = await emptyFolder();
  const { exitCode, stdout, stderr } = await runTsukimi(['init', 'shop'], { cwd: folder });
  expect([exitCode, stderr]).toEqual([0, '']);
  const paths = [...OWN, ...BESIDE].sort();
  expect(Object.keys(await filesIn(join(folder, 'shop')))).toEqual(paths);
  const listed = paths.map((path) => `  new         ${path}\n`).join('');
  expect(stdout).toBe(`shop\n${listed}\nNext:\n  cd shop\n  npm install\n  npm test\n  npm start\n`);
});

it('leaves no placeholder in any of them, and no word of Docker without it', async () => {
  const folder = await emptyFolder();
  await runTsukimi(['init', 'shop', '--no-docker'], { cwd: folder });
  const files = await filesIn(join(folder, 'shop'));
  expect(Object.keys(files)).toEqual(OWN);
  await runTsukimi(['init', 'other'], { cwd: folder });
  for (const [path, text] of Object.entries(await filesIn(folder)))
    expect([path, /__[A-Z_]+__/.exec(text)?.[0]]).toEqual([path, undefined]);
  expect(files['README.md']).not.toMatch(/docker compose|Grafana/);
});

it('writes name and port where they belong', async () => {
  const folder = await emptyFolder();
  const { stdout } = await runTsukimi(['init', '@moon/shop', '-p', '8081', '-d', 'a b/deep'], { cwd: folder });
  expect(stdout).toContain("\n  cd 'a b/deep'\n");
  const files = await filesIn(join(folder, 'a b/deep'));
  expect(JSON.parse(files['package.json'] ?? '')).toMatchObject({ name: '@moon/shop' });
  expect(parse(files['application.yml'] ?? '')).toMatchObject({ app: { name: '@moon/shop' }, server: { port: 8081 } });
  expect(files['README.md']).toContain('# @moon/shop\n');
  expect(files['README.md']).toContain('http://127.0.0.1:8081');
  const compose = parse(files['docker-compose.yml'] ?? '');
  expect([compose.name, compose.services.app.ports]).toEqual(['moon-shop', ['127.0.0.1:8081:8081']]);
  expect(parse(files['prometheus.yml'] ?? '').scrape_configs[0]).toMatchObject({
    job_name: '@moon/shop',
    static_configs: [{ targets: ['app:8081'] }],
  });
  expect(files['Dockerfile']).toContain('EXPOSE 8081\n');
});

it('names the folder after the project without its scope, and takes the folder it is in', async () => {
  const folder = await emptyFolder();
  await runTsukimi(['init', '@moon/shop', '--yes'], { cwd: folder });
  expect((await stat(join(folder, 'shop/package.json'))).isFile()).toBe(true);
  const { stdout } = await runTsukimi(['init', 'here', '-d', '.', '--no-docker'], { cwd: await emptyFolder() });
  expect(stdout).toMatch(/^\.\n {2}new/);
  expect(stdout).not.toContain('  cd ');
});

it.each([
  [3000, ['127.0.0.1:9090:9090', '127.0.0.1:3001:3000']],
  [9090, ['127.0.0.1:9091:9090', '127.0.0.1:3000:3000']],
])('keeps Prometheus and Grafana off the application port %d', async (port, published) => {
  const folder = await emptyFolder();
  await runTsukimi(['init', 'shop', '--port', String(port)], { cwd: folder });
  const files = await filesIn(join(folder, 'shop'));
  const { prometheus, grafana } = parse(files['docker-compose.yml'] ?? '').services;
  expect([...prometheus.ports, ...grafana.ports]).toEqual(published);
  for (const address of published) expect(files['README.md']).toContain(`http://${address.split(':').slice(0, 2).join(':')}`);
});

it.each(['0', '65536', '-1', '80.5', 'http', '', '0x50', '1e3'])('refuses --port %j', async (port) => {
  const folder = await emptyFolder();
  const { exitCode, stderr } = await runTsukimi(['init', 'shop', `--port=${port}`], { cwd: folder });
  expect([exitCode, await filesIn(folder)]).toEqual([2, {}]);
  expect(stderr).toBe(
    `error: option '-p, --port <number>' argument '${port}' is invalid. Use a whole number from 1 to 65535.\nSee: tsukimi init --help\n`,
  );
});

it.each(['', '  '])('refuses --directory %j', async (directory) => {
  const { exitCode, stderr } = await runTsukimi(['init', 'shop', '--directory', directory], { cwd: await emptyFolder() });
  expect([exitCode, stderr.split(':')[0]]).toEqual([2, 'error TSK_ERR_OUTPUT_EMPTY']);
});

describe('what is there already', () => {
  it('is in the way: every file is named and nothing is written', async () => {
    const folder = await emptyFolder();
    await mkdir(join(folder, 'src'));
    await writeFile(join(folder, 'src/main.ts'), 'mine');
    await writeFile(join(folder, 'package.json'), '{}');
    await writeFile(join(folder, 'notes.txt'), 'mine too');
    const before = await filesIn(folder);
    const { exitCode, stdout, stderr } = await runTsukimi(['init', 'shop', '-d', '.'], { cwd: folder });
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toBe(
      'error TSK_ERR_OUTPUT_IN_THE_WAY: These files in . would be overwritten, so nothing was written:\n  package.json\n  src/main.ts\nChoose another folder, or add --force to overwrite exactly these.\n',
    );
    expect(await filesIn(folder)).toEqual(before);
  });

  it('is overwritten with --force where it has the name of one of ours; the rest is left', async () => {
    const folder = await emptyFolder();
    await writeFile(join(folder, 'package.json'), '{}');
    await writeFile(join(folder, 'notes.txt'), 'mine');
    const { exitCode, stdout } = await runTsukimi(['init', 'shop', '-d', '.', '--force'], { cwd: folder });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('  updated     package.json\n');
    const files = await filesIn(folder);
    expect(files['notes.txt']).toBe('mine');
    expect(JSON.parse(files['package.json'] ?? '')).toMatchObject({ name: 'shop' });
  });

  it('does not matter where it is what would be written', async () => {
    const folder = await emptyFolder();
    await runTsukimi(['init', 'shop', '-d', '.'], { cwd: folder });
    const { exitCode, stdout } = await runTsukimi(['init', 'shop', '-d', '.'], { cwd: folder });
    expect(exitCode).toBe(0);
    expect(new Set(stdout.match(/^ {2}(new|unchanged|updated)/gm))).toEqual(new Set(['  unchanged']));
  });

  it('may be a folder with other files', async () => {
    const folder = await emptyFolder();
    await mkdir(join(folder, 'shop'));
    await writeFile(join(folder, 'shop/LICENSE'), 'mine');
    expect((await runTsukimi(['init', 'shop'], { cwd: folder })).exitCode).toBe(0);
    expect(await readFile(join(folder, 'shop/LICENSE'), 'utf8')).toBe('mine');
  });

  it('may be a link: with --force the link is replaced, not what it leads to', async () => {
    const folder = await emptyFolder();
    await writeFile(join(folder, 'precious.json'), 'mine');
    await mkdir(join(folder, 'shop'));
    await symlink('../precious.json', join(folder, 'shop/package.json'));
    expect((await runTsukimi(['init', 'shop', '--force'], { cwd: folder })).exitCode).toBe(0);
    expect(await readFile(join(folder, 'precious.json'), 'utf8')).toBe('mine');
  });
});

describe('where nothing can be written', () => {
  it.each([['shop'], ['shop/deeper']])('-d %s: a file is there', async (directory) => {
    const folder = await emptyFolder();
    await writeFile(join(folder, 'shop'), 'a file');
    const { exitCode, stderr } = await runTsukimi(['init', 'shop', '-d', directory, '--force'], { cwd: folder });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^error TSK_ERR_OUTPUT_(FOLDER: .* is a file, not a folder\.|REFUSED: .*a part of its path is a file)/);
    expect(await filesIn(folder)).toEqual({ shop: 'a file' });
  });

  it.each([
    ['src', 'TSK_ERR_OUTPUT_REFUSED'],
    ['prometheus', 'TSK_ERR_OUTPUT_REFUSED'],
  ])('a file named %s is where a folder goes', async (path, code) => {
    const folder = await emptyFolder();
    await writeFile(join(folder, path), 'a file');
    const { exitCode, stderr } = await runTsukimi(['init', 'shop', '-d', '.', '--force'], { cwd: folder });
    expect([exitCode, stderr.split(':')[0]]).toEqual([1, `error ${code}`]);
    expect(await filesIn(folder)).toEqual({ [path]: 'a file' });
  });

  it('a folder is where a file goes, and --force does not remove it', async () => {
    const folder = await emptyFolder();
    await mkdir(join(folder, 'README.md'));
    const { exitCode, stderr } = await runTsukimi(['init', 'shop', '-d', '.', '--force'], { cwd: folder });
    expect([exitCode, stderr]).toEqual([
      1,
      `error TSK_ERR_OUTPUT_FILE: ${join(folder, 'README.md')} is a folder, but the command must write a file there. Move the folder.\n`,
    ]);
    expect(await filesIn(folder)).toEqual({});
  });

  it('a link leads nowhere: what was written before it is taken back', async () => {
    const folder = await emptyFolder();
    await symlink('/nowhere/at-all', join(folder, 'test'));
    const { exitCode, stderr } = await runTsukimi(['init', 'shop', '-d', '.'], { cwd: folder });
    expect([exitCode, stderr]).toEqual([
      1,
      `error TSK_ERR_OUTPUT_REFUSED: ${join(folder, 'test/controllers/book-controller.test.ts')} can't be written (a part of its path is a file, not a folder), so nothing was written. Choose a folder that you can write to.\n`,
    ]);
    expect(await readdir(folder)).toEqual(['test']);
  });

  it('the system refuses', async () => {
    const { exitCode, stderr } = await runTsukimi(['init', 'shop', '-d', '/sys/shop'], { cwd: await emptyFolder() });
    expect([exitCode, stderr.split(':')[0]]).toEqual([1, 'error TSK_ERR_OUTPUT_REFUSED']);
  });

  // Under Linux mkdir says there that the parent is missing, which it is not.
  it.runIf(process.platform === 'linux')('the system allows no new folder: it says so, and ends', async () => {
    const { exitCode, stderr } = await runTsukimi(['init', 'shop', '-d', '/proc/shop/deeper'], { cwd: await emptyFolder() });
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringMatching(
        /^error TSK_ERR_OUTPUT_REFUSED: .* can't be written \(the system does not allow new folders there\), so nothing was written\. /,
      ),
    ]);
  });
});
