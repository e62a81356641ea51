/** What `tsukimi init` takes for the name of a project. */
import { expect, it } from 'vitest';
import { emptyFolder, filesIn } from '../support/folders.js';
import { runTsukimi } from '../support/run-tsukimi.js';

it.each(['shop', 'a', 'moon-shop', 'moon.shop', 'moon_shop2', '2moons', '@moon/shop', 'x'.repeat(214)])('%s is a name', async (name) => {
  const folder = await emptyFolder();
  const { exitCode } = await runTsukimi(['init', name, '--directory', '.', '--no-docker'], { cwd: folder });
  expect(exitCode).toBe(0);
  expect(JSON.parse((await filesIn(folder))['package.json'] ?? '')).toMatchObject({ name });
});

it.each([
  ['', 'is empty'],
  ['  ', 'is empty'],
  ['.', 'is a path: use a name, and pass the path with --directory'],
  ['..', 'is a path: use a name, and pass the path with --directory'],
  ['./shop', 'is a path: use a name, and pass the path with --directory'],
  ['../shop', 'is a path: use a name, and pass the path with --directory'],
  ['/tmp/shop', 'is a path: use a name, and pass the path with --directory'],
  ['~/shop', 'is a path: use a name, and pass the path with --directory'],
  ['x'.repeat(215), 'is longer than 214 characters'],
  ['moon shop', 'contains a space'],
  ['shop\n', 'contains a space'],
  ['Shop', 'has capital letters'],
  ['.shop', 'begins with a dot, an underscore or a dash'],
  ['_shop', 'begins with a dot, an underscore or a dash'],
  ['月見', 'contains characters other than letters, digits and - . _ ~'],
  ['shop!', 'contains characters other than letters, digits and - . _ ~'],
  ['moon/shop', 'contains characters other than letters, digits and - . _ ~'],
  ['@moon/', 'contains characters other than letters, digits and - . _ ~'],
  ['@/shop', 'contains characters other than letters, digits and - . _ ~'],
  ['shop/../..', 'contains characters other than letters, digits and - . _ ~'],
  ['@moon/../shop', 'contains characters other than letters, digits and - . _ ~'],
  ['node_modules', 'is reserved by npm'],
  ['http', 'is a module of Node itself'],
  ['tsukimi', 'is the name of a package that the project needs'],
  ['vitest', 'is the name of a package that the project needs'],
])('%j is none: the name %s', async (name, problem) => {
  const folder = await emptyFolder();
  const { exitCode, stdout, stderr } = await runTsukimi(['init', name], { cwd: folder });
  const shown = JSON.stringify(name.slice(0, 120));
  expect([exitCode, stdout, stderr]).toEqual([
    2,
    '',
    `error TSK_ERR_INIT_NAME: A project can't be called ${shown}: the name ${problem}. Use a valid npm package name, such as shop or @moon/shop.\n`,
  ]);
  expect(await filesIn(folder)).toEqual({});
});

it('requires a name if there is no terminal to ask', async () => {
  const folder = await emptyFolder();
  for (const flags of [[], ['--yes'], ['--directory', 'shop']]) {
    expect(await runTsukimi(['init', ...flags], { cwd: folder })).toEqual({
      exitCode: 2,
      stdout: '',
      stderr:
        'error TSK_ERR_INIT_NAME_MISSING: The project needs a name, and there is no terminal to ask for one. Pass it: tsukimi init shop\n',
    });
  }
  expect(await filesIn(folder)).toEqual({});
});
