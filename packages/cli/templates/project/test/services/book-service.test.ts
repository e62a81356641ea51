import { expect, it } from 'vitest';
import { BookService } from '../../src/services/book-service.js';
import { linesOf, startApplication } from '../support/application.js';

it('counts what was added by format', async () => {
  const application = await startApplication();
  const books = application.resolve(BookService);
  await books.add({ title: 'Kokoro', format: 'paper' });
  await books.add({ title: 'Sanshiro', format: 'paper' });
  await books.add({ title: 'Mon', format: 'electronic' });
  expect(await linesOf(application, 'books_added_total')).toEqual([
    'books_added_total{format="paper"} 2',
    'books_added_total{format="electronic"} 1',
  ]);
});

it('fails for a book that is not there, and the failure is counted', async () => {
  const application = await startApplication();
  const books = application.resolve(BookService);
  await expect(books.byId(7)).rejects.toThrow('There is no book 7.');
  const calls = await linesOf(application, 'component_calls_total');
  expect(calls).toContain('component_calls_total{component="BookService",method="byId",status="failure"} 1');
  expect(calls).toContain('component_calls_total{component="BookService",method="byId",status="success"} 0');
});
