/** Books, kept in memory; asynchronous as a database is. */
import { Repository } from 'tsukimi';
import type { Book, NewBook } from '../domain/book.js';

@Repository()
export class BookRepository {
  readonly #books = new Map<number, Book>();

  /** Stores a book under the next id. */
  async insert({ title, format }: NewBook): Promise<Book> {
    const book: Book = { id: this.#books.size + 1, title, format };
    this.#books.set(book.id, book);
    return book;
  }

  async findAll(): Promise<Book[]> {
    return [...this.#books.values()];
  }

  async findById(id: number): Promise<Book | undefined> {
    return this.#books.get(id);
  }
}
