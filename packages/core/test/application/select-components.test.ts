import { fileURLToPath } from 'node:url';
import { Application, type Class, Configuration, type Extension, Profile, Service } from '@tsukimi/core';
import { expect, test } from 'vitest';
import { applicationOf, rejection, start, startFailure } from '../start.js';

@Service()
class Listed {}
@Service()
class NotListed {}
@Configuration()
class Other {}

function fixture(path: string): URL {
  return new URL(`./fixtures/${path}/`, import.meta.url);
}

async function componentsOf(application: Class): Promise<string[]> {
  const names: string[] = [];
  const look = (): Extension => ({ name: 'look', component: ({ name }) => void names.push(name) });
  await start(application, { extensions: [look] });
  return names;
}

test('with components exactly those, each once', async () => {
  @Application({ components: [Listed, Other, Listed] })
  class App {}
  expect(await componentsOf(App)).toEqual(['App', 'Listed', 'Other']);
});

test('without components and scan, every decorated class that was imported, but no other application', async () => {
  @Application()
  class App {}
  @Profile('prod')
  @Service()
  class Inactive {}
  const names = await componentsOf(App);
  expect(names.slice(0, 4)).toEqual(['App', Listed.name, NotListed.name, Other.name]);
  expect(names).not.toContain(Inactive.name);
  expect(names.filter((name) => name === 'App')).toEqual(['App']);
});

test('scan imports the modules of a folder, and of those below it, but no tests and no type declarations', async () => {
  @Application({ scan: fixture('scanned') })
  class App {}
  expect(await componentsOf(App)).toEqual(expect.arrayContaining(['App', 'Listed', 'ScannedStore', 'ScannedService']));
});

test('scan with components imports, and takes exactly the components', async () => {
  @Application({ scan: fixture('scanned'), components: [Listed] })
  class App {}
  expect(await componentsOf(App)).toEqual(['App', 'Listed']);
});

test('a class without a role in components is named', async () => {
  class Bare {}
  expect(await startFailure(applicationOf([Listed, Bare]))).toBe(
    'TSK_ERR_COMPONENT_UNDECLARED: Bare is listed in the components of App, but has no role. Decorate it with @Service(), @Repository(), @Controller(), @Configuration() or @Component().',
  );
});

test('a folder that is not there, and a module that cannot be imported, are named', async () => {
  const missing = fixture('missing');
  expect(await startFailure(applicationOf([], { scan: missing }))).toBe(
    `TSK_ERR_APPLICATION_SCAN_FOLDER: scan can't read the folder ${fileURLToPath(missing)}. Pass a folder that exists: scan: new URL('.', import.meta.url).`,
  );
  const error = await rejection(start(applicationOf([], { scan: fixture('broken') })));
  expect(error).toMatchObject({
    code: 'TSK_ERR_APPLICATION_SCAN_IMPORT',
    message: `${fileURLToPath(fixture('broken'))}broken.mjs could not be imported: Cannot access 'Orders' before initialization. Two files import each other: move what they share into a third file.`,
    cause: expect.any(ReferenceError),
  });
});
