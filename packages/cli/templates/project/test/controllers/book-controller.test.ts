import type { Application } from 'tsukimi';
import { expect, it } from 'vitest';
import { linesOf, startApplication } from '../support/application.js';

const MOON = { title: 'The Moon and Sixpence', format: 'paper' };

function add(application: Application, book: object) {
  return application.inject({ method: 'POST', url: '/api/books', payload: book });
}

it('adds books with ids from 1, lists all and returns one', async () => {
  const application = await startApplication();
  expect((await add(application, MOON)).statusCode).toBe(201);
  expect((await add(application, { ...MOON, format: 'electronic' })).json()).toEqual({ ...MOON, id: 2, format: 'electronic' });
  expect((await application.inject('/api/books')).json()).toHaveLength(2);
  expect((await application.inject('/api/books/1')).json()).toEqual({ ...MOON, id: 1 });
});

it.each([
  [{ ...MOON, title: '' }, 'title'],
  [{ ...MOON, format: 'clay' }, 'format'],
  [{ format: 'paper' }, 'title'],
])('refuses %j for its %s', async (book, field) => {
  const application = await startApplication();
  const answer = await add(application, book);
  expect([answer.statusCode, answer.json().field]).toEqual([400, field]);
});

it('counts every request once, by its route', async () => {
  const application = await startApplication();
  await add(application, MOON);
  await add(application, { ...MOON, title: '' });
  await application.inject('/api/books/1');
  await application.inject('/api/books/1');
  await application.inject('/api/books/2');
  const counts = await linesOf(application, 'http_requests_total');
  expect(counts.filter((line) => !line.endsWith(' 0'))).toEqual([
    'http_requests_total{method="POST",path="/api/books",status="201"} 1',
    'http_requests_total{method="POST",path="/api/books",status="400"} 1',
    'http_requests_total{method="GET",path="/api/books/:bookId",status="200"} 2',
    'http_requests_total{method="GET",path="/api/books/:bookId",status="404"} 1',
  ]);
});

it('counts its requests for the objective; a 404 is not a failure', async () => {
  const application = await startApplication();
  await add(application, MOON);
  await add(application, { ...MOON, title: '' });
  await application.inject('/api/books/2');
  expect(await linesOf(application, 'slo_events_total')).toEqual([
    'slo_events_total{slo="BookController",outcome="good"} 2',
    'slo_events_total{slo="BookController",outcome="bad"} 0',
  ]);
});
