/** Two copies of the package in one process: what was declared with one is unknown to the other, which says so. */
import { cp, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Application, type Class, Controller, Inject, Service } from '@tsukimi/core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { projectPath } from '../../../../test/support/project.js';
import { applicationOf, logSink, start, startFailure, warningsIn } from '../start.js';

type Core = typeof import('@tsukimi/core');

const OWN = projectPath('packages/core');
let folder: string;
let other: Core;
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'tsukimi-copies-')));
  await symlink(projectPath('node_modules'), join(folder, 'node_modules'));
  await cp(join(OWN, 'src'), join(folder, 'core/src'), { recursive: true });
  other = await import(/* @vite-ignore */ pathToFileURL(join(folder, 'core/src/index.ts')).href);
});
afterAll(() => rm(folder, { recursive: true }));

const copy = () => `another copy of @tsukimi/core (${folder}/core; the application uses ${OWN})`;
const FIX = 'Keep one copy: npm ls @tsukimi/core shows which packages bring the copies.';

/** What a start warns of. */
async function warningsOf(applicationClass: Class): Promise<string[]> {
  const { lines, logger } = logSink();
  await start(applicationClass, { logger });
  return warningsIn(lines);
}

test('without components of the other copy there is nothing to say; with them, a start without a list says which', async () => {
  class App {}
  Application()(App);
  class Mine {}
  Service()(Mine);
  expect(await warningsOf(App)).toEqual([]);

  class OtherApp {}
  other.Application()(OtherApp);
  expect(await warningsOf(App)).toEqual([]);

  class MoonController {
    get() {
      return 'moon';
    }
  }
  other.Get()(MoonController.prototype, 'get', Object.getOwnPropertyDescriptor(MoonController.prototype, 'get') ?? {});
  other.Controller('/moon')(MoonController);
  expect(await warningsOf(App)).toEqual([`MoonController will not be part of this application: decorated with ${copy()}. ${FIX}`]);
  expect(await warningsOf(applicationOf([Mine]))).toEqual([]);
});

test('the package itself evaluated again is another one, for what is declared with the newer', async () => {
  vi.resetModules();
  const again: Core = await import('@tsukimi/core');
  class Late {}
  again.Service()(Late);
  const told = `another evaluation of @tsukimi/core (${OWN}). After a reset of modules, import the components, the application and @tsukimi/core again.`;
  expect(await startFailure(applicationOf([Late]))).toBe(
    `TSK_ERR_COMPONENT_UNDECLARED: Late is listed in the components of App, but has no role. Late was decorated with ${told}`,
  );
  class App {}
  Application()(App);
  expect(await warningsOf(App)).toContain(`Late will not be part of this application: decorated with ${told}`);

  class NewApp {}
  again.Application()(NewApp);
  const { lines, logger } = logSink();
  const application = await again.createApplication(NewApp, { configuration: {}, environment: {}, logger });
  await application.close();
  expect(warningsIn(lines).filter((line) => line.includes('another evaluation'))).toEqual([]);
});

test('a class of the other copy is named so where it is listed, started or injected', async () => {
  class Theirs {}
  other.Service()(Theirs);
  class TheirApp {}
  other.Application()(TheirApp);
  class Asking {}
  Inject(Theirs)(Asking, undefined, 0);
  Service()(Asking);
  const told = (name: string) => `${name} was decorated with ${copy()}. ${FIX}`;
  expect(await startFailure(applicationOf([Theirs]))).toBe(
    `TSK_ERR_COMPONENT_UNDECLARED: Theirs is listed in the components of App, but has no role. ${told('Theirs')}`,
  );
  expect(await startFailure(TheirApp)).toBe(`TSK_ERR_APPLICATION_UNDECORATED: TheirApp has no @Application(). ${told('TheirApp')}`);
  expect(await startFailure(applicationOf([Asking]))).toBe(
    `TSK_ERR_COMPONENT_DEPENDENCY_UNREGISTERED: Asking: constructor parameter 1 asks for Theirs, which is not a component of this application. ${told('Theirs')}`,
  );
});

test('decorators of the other copy on members of our own component are named, instead of a controller without routes', async () => {
  const warned = (name: string) => `Decorators on members of ${name} have no effect: they are from ${copy()}. ${FIX}`;
  class Tides {
    work() {}
  }
  const own = (prototype: object, method: string) => Object.getOwnPropertyDescriptor(prototype, method) ?? {};
  class TideController extends Tides {}
  other.Get()(Tides.prototype, 'work', own(Tides.prototype, 'work'));
  Controller('/tides')(TideController);
  expect(await warningsOf(applicationOf([TideController]))).toEqual([warned('TideController')]);

  const onMembers: Readonly<Record<string, (type: typeof Tides) => void>> = {
    OnStart: ({ prototype }) => other.OnStart()(prototype, 'work'),
    Scheduled: ({ prototype }) => other.Scheduled({ fixedRate: 1 })(prototype, 'work', own(prototype, 'work')),
    Provider: ({ prototype }) => other.Provider()(prototype, 'work'),
    Value: (type) => other.Value('${a:1}')(type, undefined, 0),
    Profile: (type) => other.Profile('prod')(type),
  };
  for (const [name, decorate] of Object.entries(onMembers)) {
    const type = class extends Tides {
      override work() {}
    };
    Object.defineProperty(type, 'name', { value: name });
    decorate(type);
    Service()(type);
    expect(await warningsOf(applicationOf([type]))).toEqual([warned(name)]);
  }
  class Plain {}
  Service()(Plain);
  expect(await warningsOf(applicationOf([Plain]))).toEqual([]);
});
