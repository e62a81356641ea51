/** Modules that are evaluated again: each class is the one of the newest evaluation. */
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as core from '@tsukimi/core';
import { Application, type Class, createApplication, Inject, type Token } from '@tsukimi/core';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { applicationOf, logSink, start, startFailure, warningsIn } from '../start.js';

// Below node_modules, so that Node imports the files itself; `core` is the copy under test.
const CORE = Symbol.for('tsukimi:test-core');
let folder: string;
beforeEach(async () => {
  Reflect.set(globalThis, CORE, core);
  folder = join(await realpath(await mkdtemp(join(tmpdir(), 'tsukimi-again-'))), 'node_modules', 'moons');
  return () => rm(dirname(dirname(folder)), { recursive: true });
});
afterEach(() => vi.resetModules());

// What tsc emits.
const PRELUDE = `const core = globalThis[Symbol.for('tsukimi:test-core')];
var __decorate = function (decorators, target, key, desc) {
  var c = arguments.length, r = c < 3 ? target : desc === null ? desc = Object.getOwnPropertyDescriptor(target, key) : desc, d;
  if (typeof Reflect === "object" && typeof Reflect.decorate === "function") r = Reflect.decorate(decorators, target, key, desc);
  else for (var i = decorators.length - 1; i >= 0; i--) if (d = decorators[i]) r = (c < 3 ? d(r) : c > 3 ? d(target, key, r) : d(target, key)) || r;
  return c > 3 && r && Object.defineProperty(target, key, r), r;
};
`;
const controller = (name: string, path: string, answer = path) => `
let ${name} = class ${name} { get() { return '${answer}'; } };
__decorate([core.Get()], ${name}.prototype, 'get', null);
${name} = __decorate([core.Controller('${path}')], ${name});
export { ${name} };
`;
const service = (name: string) => `
let ${name} = class ${name} {};
${name} = __decorate([core.Service()], ${name});
export { ${name} };
`;

async function write(file: string, text: string): Promise<(query?: string) => Promise<Record<string, Class>>> {
  const path = join(folder, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, PRELUDE + text);
  return (query = '') => import(/* @vite-ignore */ `${pathToFileURL(path).href}${query}`);
}

/** The names of the components of an application, and what answers under a path. */
async function look(applicationClass: Class, ...paths: string[]) {
  const names: string[] = [];
  const { lines, logger } = logSink();
  const extension = () => ({ name: 'look', component: ({ name }: { name: string }) => void names.push(name) });
  const application = await start(applicationClass, { extensions: [extension], logger });
  const answers = await Promise.all(paths.map(async (url) => (await application.inject({ url })).payload));
  return { application, names, answers, warnings: warningsIn(lines) };
}

function everything(): Class {
  class Everything {}
  Application()(Everything);
  return Everything;
}

const countOf = (names: readonly string[], name: string) => names.filter((each) => each === name).length;

test('a controller that is evaluated again serves once, under the paths of the newest, and is no warning', async () => {
  const load = await write('again.mjs', controller('AgainController', '/again-old'));
  await load('?v=1');
  await load('?v=2#part');
  await write('again.mjs', controller('AgainController', '/again-new'));
  const { AgainController } = await load('?v=3');
  const { application, names, answers, warnings } = await look(everything(), '/again-new', '/again-old');
  expect(countOf(names, 'AgainController')).toBe(1);
  expect(answers).toEqual(['/again-new', expect.stringContaining('"statusCode":404')]);
  expect(warnings).toEqual([]);
  expect(application.resolve(AgainController as Token<object>)).toBeInstanceOf(AgainController);
});

test('so it is after vi.resetModules(), where the file keeps its name', async () => {
  // Not below node_modules: Vitest evaluates it.
  const load = await write('../../reset.mjs', controller('ResetController', '/reset'));
  const first = await load();
  vi.resetModules();
  const second = await load();
  expect(second['ResetController']).not.toBe(first['ResetController']);
  const { application, names, answers } = await look(everything(), '/reset');
  expect({ count: countOf(names, 'ResetController'), answers }).toEqual({ count: 1, answers: ['/reset'] });
  expect(application.resolve(first['ResetController'] as Class)).toBeInstanceOf(second['ResetController']);
});

test('what a module no longer has is gone with its older evaluation', async () => {
  const load = await write('renamed.mjs', controller('RenamedController', '/renamed', 'old'));
  await load('?v=1');
  await write('renamed.mjs', controller('NewNameController', '/renamed', 'new'));
  await load('?v=2');
  const { names, answers, warnings } = await look(everything(), '/renamed');
  expect([countOf(names, 'RenamedController'), countOf(names, 'NewNameController')]).toEqual([0, 1]);
  expect({ answers, warnings }).toEqual({ answers: ['new'], warnings: [] });
});

test('a module that keeps an older class gets the newest by it, and so do resolve() and replace', async () => {
  const load = await write('kept.mjs', service('KeptService'));
  const older = await load('?v=1');
  class Asking {
    constructor(readonly kept: object) {}
  }
  Inject(older['KeptService'] as Class)(Asking, undefined, 0);
  core.Service()(Asking);
  const newer = await load('?v=2');
  const { application } = await look(everything());
  expect(application.resolve(Asking).kept).toBeInstanceOf(newer['KeptService']);
  expect(application.resolve(older['KeptService'] as Class)).toBe(application.resolve(Asking).kept);

  const fake = {};
  const replaced = await createApplication(everything(), {
    configuration: {},
    environment: {},
    logger: false,
    replace: [[older['KeptService'] as Class<object>, fake]],
  });
  onTestFinished(() => replaced.close());
  expect(replaced.resolve(Asking).kept).toBe(fake);
  expect(replaced.resolve(older['KeptService'] as Class)).toBe(fake);
  expect(replaced.resolve(newer['KeptService'] as Class)).toBe(fake);
});

test('where the text has changed, each class of the file is still known by its older ones', async () => {
  const load = await write('several.mjs', service('FirstService') + service('SecondService'));
  const first = await load('?v=1');
  await write('several.mjs', `\n${service('FirstService')}${service('AddedService')}${service('SecondService')}`);
  const second = await load('?v=2');
  const third = await load('?v=3');
  const { application } = await look(everything());
  for (const name of ['FirstService', 'SecondService']) {
    for (const older of [first, second]) expect(application.resolve(older[name] as Class)).toBeInstanceOf(third[name]);
  }
});

test('components takes exactly the classes it lists, and whoever asks for another evaluation of them gets these', async () => {
  const load = await write('listed.mjs', service('ListedService'));
  const older = (await load('?v=1'))['ListedService'] as Class;
  const newer = (await load('?v=2'))['ListedService'] as Class;
  class Asking {
    constructor(readonly listed: object) {}
  }
  Inject(newer)(Asking, undefined, 0);
  core.Service()(Asking);
  const { application } = await look(applicationOf([older, Asking]));
  expect(application.resolve(Asking).listed).toBeInstanceOf(older);
  const both = (await look(applicationOf([older, newer]))).application;
  expect(both.resolve(older)).toBeInstanceOf(older);
  expect(both.resolve(newer)).toBeInstanceOf(newer);
});

test('an application class and scheduled tasks are those of the newest evaluation', async () => {
  const load = await write(
    'tasks.mjs',
    `
let TaskApp = class TaskApp {};
TaskApp = __decorate([core.Application()], TaskApp);
let AgainTasks = class AgainTasks { tick() {} };
__decorate([core.Scheduled({ fixedRate: 3600000 })], AgainTasks.prototype, 'tick', null);
AgainTasks = __decorate([core.Service()], AgainTasks);
export { TaskApp };
`,
  );
  await load('?v=1');
  const { TaskApp } = await load('?v=2');
  const { application, names } = await look(TaskApp as Class);
  expect([countOf(names, 'AgainTasks'), countOf(names, 'TaskApp')]).toEqual([1, 1]);
  expect(application.scheduler.tasks.filter(({ name }) => name.includes('AgainTasks'))).toHaveLength(1);
});

test('two files are two controllers, and an error where they serve the same', async () => {
  const first = (await (await write('one/twin.mjs', controller('TwinController', '/twin')))())['TwinController'] as Class;
  const second = (await (await write('two/twin.mjs', controller('TwinController', '/twin')))())['TwinController'] as Class;
  expect(await startFailure(applicationOf([first, second]))).toContain('served by TwinController.get and again by TwinController.get');
  expect(await startFailure(everything())).toContain('served by TwinController.get and again by TwinController.get');
  await write('two/twin.mjs', controller('MovedTwinController', '/moved-twin'));
  await import(/* @vite-ignore */ `${pathToFileURL(join(folder, 'two/twin.mjs')).href}?v=2`);
  expect((await look(everything(), '/twin', '/moved-twin')).answers).toEqual(['/twin', '/moved-twin']);
});

test('classes that a factory makes, a loop makes, or a bundler puts into one file under one name are all there', async () => {
  const load = await write(
    'made.mjs',
    `
const repositoryFor = () => { class MadeRepository {} return __decorate([core.Repository()], MadeRepository); };
repositoryFor();
repositoryFor();
[1, 2].map(() => __decorate([core.Service()], class MappedService {}));
for (const _ of [1, 2]) __decorate([core.Service()], class LoopService {});
let Moon = __decorate([core.Service()], class BundledService {});
let Moon2 = __decorate([core.Service()], class BundledService {});
`,
  );
  await load();
  const { names } = await look(everything());
  const counts = ['MadeRepository', 'MappedService', 'LoopService', 'BundledService'].map((name) => countOf(names, name));
  expect(counts).toEqual([2, 2, 2, 2]);
});

test("a user's decorator that calls ours, and classes decorated by hand, are known again too", async () => {
  const load = await write(
    'own.mjs',
    `
const MyService = () => (target) => { core.Service()(target); };
__decorate([MyService()], class OwnService {});
core.Service()(class HandService {});
`,
  );
  await load('?v=1');
  await load('?v=2');
  const { names } = await look(everything());
  expect([countOf(names, 'OwnService'), countOf(names, 'HandService')]).toEqual([1, 1]);
});
