/** What a scan meets in real folders: the entry file itself, modules that wait for the application, modules that start one. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { ChildProgram, type Exit } from '../../../../test/support/child-process.js';
import { projectPath } from '../../../../test/support/project.js';

let folder: string;
// The programs run what is built.
beforeAll(() => promisify(execFile)(projectPath('node_modules/.bin/tsc'), ['-b', projectPath('packages/core')]));
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'tsukimi-scan-')));
  await symlink(projectPath('node_modules'), join(folder, 'node_modules'));
});
afterEach(() => rm(folder, { recursive: true }));

const SERVICE = `import { Service } from '@tsukimi/core';
export class Moons {}
Service()(Moons);
`;
const APPLICATION = `export class App {}
Application({ scan: new URL('.', import.meta.url) })(App);
`;
const OPTIONS = `{ configuration: { server: { port: 0 } }, logger: false }`;
const REPORT = `
process.stdout.write('components ' + components.join(' ') + '\\n');
await application.close();
`;
// Tells the components by an extension, as a user would.
const ENTRY = `import { Application, createApplication, runApplication } from '@tsukimi/core';
const components = [];
const look = () => ({ name: 'look', component: ({ name }) => void components.push(name) });
${APPLICATION}`;
const OPTIONS_WITH_LOOK = `{ configuration: { server: { port: 0 } }, logger: false, extensions: [look] }`;

/** Writes the files, runs one of them to its end. */
async function run(
  files: Readonly<Record<string, string>>,
  entry = 'main.mjs',
  flags: readonly string[] = [],
): Promise<{ exit: Exit; stdout: string; stderr: string }> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await using program = new ChildProgram(process.execPath, { cwd: folder, args: [...flags, join(folder, entry)] });
  return { exit: await program.exited, ...program.output };
}

const fine = (stdout: string) => ({ exit: { code: 0, signal: null }, stdout, stderr: '' });

test.each(['createApplication', 'runApplication'])(
  'an entry file that awaits %s scans its own folder, tests and types left out',
  async (start) => {
    const result = await run({
      'main.mjs': `${ENTRY}const application = await ${start}(App, ${OPTIONS_WITH_LOOK});${REPORT}`,
      'moons.mjs': SERVICE,
      'below/deeper/stars.mjs': SERVICE.replaceAll('Moons', 'Stars'),
      'below/stars.test.mjs': `throw new Error('a test was imported');`,
      'below/__tests__/more.mjs': `throw new Error('a test was imported');`,
      'below/types.d.ts': `throw new Error('a type declaration was imported');`,
    });
    expect(result).toEqual(fine('components App Stars Moons\n'));
  },
);

test('so does one that is named without its extension, waits elsewhere first, and starts the application in another file', async () => {
  const result = await run(
    {
      'main.js': `import { setImmediate } from 'node:timers/promises';\nawait setImmediate();\nawait import('./start.js');\n`,
      'start.js': `${ENTRY}const start = async () => await createApplication(App, ${OPTIONS_WITH_LOOK});\nconst application = await start();${REPORT}`,
      'moons.js': SERVICE,
      'package.json': `{ "type": "module" }`,
    },
    'main',
  );
  expect(result).toEqual(fine('components App Moons\n'));
});

test('symbolic links to modules are scanned, each module once; broken ones and those to folders are not', async () => {
  await mkdir(join(folder, 'src'));
  await symlink('../elsewhere/stars.mjs', join(folder, 'src/stars.mjs'));
  await symlink('moons.mjs', join(folder, 'src/again.mjs'));
  await symlink('main.mjs', join(folder, 'src/start.mjs'));
  await symlink('nowhere.mjs', join(folder, 'src/broken.mjs'));
  await symlink('../folder.mjs', join(folder, 'src/linked.mjs'));
  const result = await run(
    {
      'src/main.mjs': `${ENTRY}const application = await createApplication(App, ${OPTIONS_WITH_LOOK});${REPORT}`,
      'src/moons.mjs': SERVICE,
      'elsewhere/stars.mjs': SERVICE.replaceAll('Moons', 'Stars'),
      'folder.mjs/suns.mjs': SERVICE.replaceAll('Moons', 'Suns'),
    },
    'src/start.mjs',
  );
  expect(result).toEqual(fine('components App Moons Stars\n'));
});

test.each([['--preserve-symlinks-main'], ['--preserve-symlinks', '--preserve-symlinks-main']])(
  'Node.js with %s: a start through a linked folder evaluates the entry file and what it imports once',
  async (...flags) => {
    await mkdir(join(folder, 'real'));
    await symlink('real', join(folder, 'linked'));
    const told = (name: string) => `process.stdout.write('evaluated ${name}\\n');\n`;
    const result = await run(
      {
        'real/main.mjs': `import './moons.mjs';\n${told('main')}${ENTRY}const application = await runApplication(App, ${OPTIONS_WITH_LOOK});${REPORT}`,
        'real/moons.mjs': `${told('moons')}${SERVICE}`,
        'real/stars.mjs': SERVICE.replaceAll('Moons', 'Stars'),
      },
      'linked/main.mjs',
      flags,
    );
    expect(result).toEqual(fine('evaluated moons\nevaluated main\ncomponents App Moons Stars\n'));
  },
);

test('a scanned module may start an application of its own, which scans the same folder', async () => {
  const result = await run({
    'main.mjs': `${ENTRY}const application = await createApplication(App, ${OPTIONS_WITH_LOOK});${REPORT}`,
    'other.mjs': `import { Application, createApplication } from '@tsukimi/core';
${APPLICATION.replaceAll('App ', 'Other ').replace('(App)', '(Other)')}
const other = await createApplication(Other, ${OPTIONS});
process.stdout.write('other started\\n');
await other.close();
`,
    'moons.mjs': SERVICE,
  });
  expect(result).toEqual(fine('other started\ncomponents App Moons\n'));
});

test('a module that imports the waiting entry file is named, with the way out', async () => {
  const result = await run({
    'main.mjs': `${ENTRY}export const CLOCK = 'clock';\nawait runApplication(App, ${OPTIONS});\n`,
    'moons.mjs': `import { CLOCK } from './main.mjs';\n${SERVICE}`,
  });
  expect(result).toEqual({
    exit: { code: 1, signal: null },
    stdout: '',
    stderr: `error TSK_ERR_APPLICATION_SCAN_WAITS: ${folder}/moons.mjs is in the folder that App scans, and can't be imported before App has started: it imports ${folder}/main.mjs, which itself waits for the start with a top-level await. Move what the two share into a separate file, or start the application in ${folder}/main.mjs without a top-level await.\n`,
  });
});

test.each([
  ['runApplication', 'await '],
  ['runApplication', ''],
  ['createApplication', 'await '],
])('a scanned module that calls %s is named, with the way out (%sed)', async (start, awaiting) => {
  const result = await run(
    {
      'test.mjs': `import { createApplication } from '@tsukimi/core';
import { App } from './src/app.mjs';
await createApplication(App, ${OPTIONS}).catch((error) => process.stdout.write(error.code + ': ' + error.message + '\\n'));
`,
      'src/app.mjs': `import { Application } from '@tsukimi/core';\n${APPLICATION}`,
      'src/main.mjs': `import { createApplication, runApplication } from '@tsukimi/core';\nimport { App } from './app.mjs';\n${awaiting}${start}(App, ${OPTIONS});\n`,
    },
    'test.mjs',
  );
  expect(result).toEqual(
    fine(
      `TSK_ERR_APPLICATION_SCAN_STARTS: ${folder}/src/main.mjs is in the folder that App scans, and calls ${start}(App) when it is imported. Move it out of that folder, or scan a folder below it, such as new URL('./components/', import.meta.url).\n`,
    ),
  );
});
