/** The guide on the request context does what it says. */
import type { Class } from '@tsukimi/core';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { importSnippets } from '../../../../test/support/snippets.js';
import { start } from '../support/start.js';

const page = await importSnippets('docs/guides/request-context.md', import.meta.url);
const [on, datadog] = page.blocks.filter(({ language }) => language === 'yaml').map(({ code }) => parse(code));
const headers = { 'x-request-id': '7f9c' };

test('the log line of the first example is the one below it', async () => {
  const { app, logs } = await start(page.exported<Class>('MoonApplication'), { configuration: on });
  const answer = await app.inject({ url: '/moons/luna/phase', headers });
  expect(answer.json()).toEqual({ phase: 'full', requestId: '7f9c' });
  expect(answer.headers['x-request-id']).toBe('7f9c');
  const shown = JSON.parse(page.blocks.find(({ language }) => language === 'json')?.code ?? '');
  expect(logs.filter(({ msg }) => msg === shown.msg)).toEqual([
    { ...shown, time: expect.anything(), pid: expect.anything(), hostname: expect.anything() },
  ]);
});

test('Datadog gets its tags', async () => {
  const { app, logs } = await start(page.exported<Class>('MoonApplication'), { configuration: datadog, profile: 'staging' });
  await app.inject({ url: '/moons/luna/phase', headers });
  const line = logs.find(({ msg }) => msg === 'computing the phase');
  expect([line?.['request_id'], line?.['dd']]).toEqual(['7f9c', { service: 'MoonApplication', env: 'staging' }]);
});

test('a Fastify server without the framework has the context', async () => {
  const server = page.exported<FastifyInstance>('server');
  onTestFinished(() => server.close());
  const answer = await server.inject({ url: '/id', headers });
  expect([answer.json(), answer.headers['x-request-id']]).toEqual([{ id: '7f9c' }, '7f9c']);
});

test('the logger of its own is one', () => {
  expect(page.exported<Logger>('audit').level).toBe('info');
});
