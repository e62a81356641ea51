/** Whether Fastify still has what we use of it without being told that we may: each test says what broke. */
import type { AddressInfo } from 'node:net';
import { fastify } from 'fastify';
import { expect, test } from 'vitest';
import { giveLocalhostTwoAddresses } from '../../../../test/support/two-localhosts.js';
import { secondaryServers } from '../../src/private-api/fastify.js';

test('keeps the servers of the further addresses of localhost', async ({ onTestFinished }) => {
  giveLocalhostTwoAddresses();
  const app = fastify();
  onTestFinished(() => app.close());
  await app.listen({ host: 'localhost', port: 0 });
  const broke = `Fastify ${app.version} keeps them elsewhere: see secondaryServers in src/private-api/fastify.ts`;
  expect(
    secondaryServers(app).map((server) => (server.address() as AddressInfo).address),
    broke,
  ).toEqual(['127.0.0.2']);
});

test('has no further servers for one address', async ({ onTestFinished }) => {
  const app = fastify();
  onTestFinished(() => app.close());
  await app.listen({ host: '127.0.0.1', port: 0 });
  expect(secondaryServers(app)).toEqual([]);
});
