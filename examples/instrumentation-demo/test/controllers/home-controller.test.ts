import { expect, it } from 'vitest';
import { startDemo } from '../support/demo.js';

it('links to routes that answer', async () => {
  const demo = await startDemo();
  const page = await demo.inject('/');
  expect([page.statusCode, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  const links = [...page.body.matchAll(/href="([^"]+)"/g)].map(([, path = '']) => path);
  expect(links).toContain('/metrics');
  for (const path of links) expect([path, (await demo.inject(path)).statusCode]).toEqual([path, 200]);
});
