/** Tells the metrics how many books there are. */
import { InstrumentationProvider, Scheduled, Service } from 'tsukimi';
import { BookRepository } from '../repositories/book-repository.js';

@Service()
export class ShelfReport {
  readonly #stored;

  constructor(
    private readonly books: BookRepository,
    instrumentation: InstrumentationProvider,
  ) {
    this.#stored = instrumentation.gauge({ name: 'books_stored', help: 'Books that are stored.' });
  }

  /** Once a minute, from the start on; each run is counted in `scheduler_task_executions_total`. */
  @Scheduled({ fixedRate: 60_000 })
  async count(): Promise<void> {
    this.#stored.set((await this.books.findAll()).length);
  }
}
