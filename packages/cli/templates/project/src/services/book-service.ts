/** The rules for books, and a metric that only this service can know. */
import { InstrumentationProvider, NotFoundError, Service } from 'tsukimi';
import type { Book, NewBook } from '../domain/book.js';
import { BookRepository } from '../repositories/book-repository.js';

@Service()
export class BookService {
  readonly #added;

  constructor(
    private readonly books: BookRepository,
    instrumentation: InstrumentationProvider,
  ) {
    // Labels are for what has few values: a format has two. A title would make a series of every book.
    this.#added = instrumentation.counter({ name: 'books_added_total', help: 'Books that were added.', labelNames: ['format'] });
  }

  async add(input: NewBook): Promise<Book> {
    const book = await this.books.insert(input);
    this.#added.inc({ format: book.format });
    return book;
  }

  async all(): Promise<Book[]> {
    return this.books.findAll();
  }

  /** The book with an id; an unknown one gets a 404. */
  async byId(id: number): Promise<Book> {
    const book = await this.books.findById(id);
    if (book === undefined) throw new NotFoundError(`There is no book ${id}.`);
    return book;
  }
}
