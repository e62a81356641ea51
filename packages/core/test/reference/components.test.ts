/** The snippets of docs/reference/components.md run, and do what the page says. */
import { expect, test } from 'vitest';
import { applicationOf, start } from '../start.js';
import { loadPage } from './reference-page.js';

const page = await loadPage('components');

test('injection by type, by token and from the configuration', async () => {
  const names = ['OrderRepository', 'OrderService', 'Parts'];
  const application = await start(applicationOf(names.map((name) => page.component(name))));
  const service = application.resolve<Record<string, unknown>>(page.component('OrderService') as never);
  expect(service['orders']).toBe(application.resolve(page.component('OrderRepository')));
  expect(service['limit']).toBe(100);
  expect((service['clock'] as () => Date)()).toBeInstanceOf(Date);
});

test('what an async provider makes is injected, and stopped', async () => {
  const application = await start(applicationOf(['Databases', 'Accounts'].map((name) => page.component(name))));
  const { database } = application.resolve(page.component('Accounts')) as { database: { url: string; close(): void } };
  expect(database).toBe(application.resolve(page.component('Database')));
  expect(database.url).toBe('postgres://localhost');
  const events: string[] = [];
  database.close = () => void events.push('closed');
  await application.close();
  expect(events).toEqual(['closed']);
});

test.each([
  ['prod', 'smtp'],
  ['test', 'console'],
  [undefined, 'console'],
])('under the profile %s mail goes by %s', async (profile, expected) => {
  const application = await start(applicationOf([page.component('Mail')]), profile === undefined ? {} : { profile });
  expect(application.resolve('mail')).toBe(expected);
});

test('what tools without metadata need works with metadata as well', async () => {
  const names = ['Greetings', 'GreetingController'];
  const application = await start(applicationOf(names.map((name) => page.component(name))));
  expect((await application.inject('/greetings/moon')).json()).toEqual({ greeting: 'Hello moon' });
});
