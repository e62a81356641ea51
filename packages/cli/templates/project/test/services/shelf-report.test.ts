import { expect, it } from 'vitest';
import { BookService } from '../../src/services/book-service.js';
import { linesOf, startApplication } from '../support/application.js';

it('reports how many books there are, each time it runs', async () => {
  const application = await startApplication();
  await application.resolve(BookService).add({ title: 'Kokoro', format: 'paper' });
  await application.scheduler.run('ShelfReport.count');
  expect(await linesOf(application, 'books_stored')).toEqual(['books_stored 1']);
  expect(await linesOf(application, 'scheduler_task_executions_total')).toEqual([
    'scheduler_task_executions_total{task="ShelfReport.count",status="success"} 1',
    'scheduler_task_executions_total{task="ShelfReport.count",status="failure"} 0',
  ]);
});
