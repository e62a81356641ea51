/** The snippets of docs/reference/application.md run, and do what the page says. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApplicationOptions, Class, ConcreteClass, ExtensionFactory } from '@tsukimi/core';
import { expect, onTestFinished, test } from 'vitest';
import { startNodeProgram } from '../../../../test/support/child-process.js';
import { projectPath } from '../../../../test/support/project.js';
import { cert, key } from '../application/fixtures/certificate.js';
import { applicationOf, start } from '../start.js';
import { loadPage } from './reference-page.js';

const page = await loadPage('application');

test('the program at the top of the page listens, answers and stops on SIGTERM', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tsukimi-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'application.yml'), 'server: { port: 0 }\n');
  expect(page.programs).toHaveLength(1);
  const [file = ''] = page.programs;
  await using program = startNodeProgram(file, {
    cwd: folder,
    environment: {
      NODE_OPTIONS: `--import=${import.meta.resolve('tsx')} --conditions=@tsukimi/source`,
      TSX_TSCONFIG_PATH: projectPath('tsconfig.base.json'),
    },
  });
  const [, url = ''] = await program.waitForOutput(/listens on (http:[^"]+)/);
  expect(await (await fetch(`${url}/hello`)).json()).toEqual({ hello: 'moon' });
  expect(await program.stop()).toEqual({ code: 0, signal: null });
});

test('a test without a socket', async () => {
  const statusOf = page.exported<(application: Class, url: string) => Promise<number>>('statusOf');
  expect(await statusOf(applicationOf([]), '/unknown')).toBe(404);
});

test('the hooks run at start and stop', async () => {
  const Queue = page.exported<ConcreteClass<{ events: string[] }>>('Queue');
  const application = await start(applicationOf([Queue]));
  const { events } = application.resolve(Queue);
  expect(events).toEqual(['connected']);
  await application.close();
  expect(events).toEqual(['connected', 'drained']);
});

test('the stream ends before the drain', async () => {
  const application = await start(applicationOf([page.component('PhaseStream')]), { configuration: { server: { port: 0 } } });
  const response = await fetch(`${await application.listen()}/phases`);
  const text = response.text();
  await application.close();
  expect(await text).toBe('data: full moon\n\n');
});

test('the application is served over HTTP/2 with TLS', async () => {
  const secured = page.exported<(key: string, cert: string) => ApplicationOptions>('secured');
  const application = await start(applicationOf([]), { ...secured(key, cert), configuration: { server: { port: 0 } } });
  expect(await application.listen()).toMatch(/^https:/);
});

test('an error that cannot be serialized is logged', () => {
  const report = page.exported<(log: { error(fields: object, message: string): void }, error: unknown) => void>('report');
  const logged: unknown[] = [];
  report({ error: (fields, message) => logged.push(fields, message) }, Object.freeze(new RangeError('full')));
  expect(logged).toMatchObject([{ err: { name: 'RangeError', message: 'full' } }, 'the backup failed']);
});

test('the extension adds its header', async () => {
  const extensions = [page.exported<ExtensionFactory>('poweredBy')];
  const application = await start(applicationOf([], { name: 'moon', extensions }));
  expect((await application.inject('/')).headers['x-powered-by']).toBe('moon');
});
