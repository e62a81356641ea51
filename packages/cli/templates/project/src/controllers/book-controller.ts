/** `/api/books`. */
import { Body, Controller, Get, HttpCode, Param, Post, Slo } from 'tsukimi';
import { type Book, type NewBook, NewBookSchema } from '../domain/book.js';
import { BookService } from '../services/book-service.js';

// Of 1000 requests at most one may fail or take longer than 250 ms.
@Slo({ objective: 99.9, latencyMs: 250 })
@Controller('/api/books')
export class BookController {
  constructor(private readonly books: BookService) {}

  @Post('/')
  @HttpCode(201)
  add(@Body(NewBookSchema) input: NewBook): Promise<Book> {
    return this.books.add(input);
  }

  @Get('/')
  all(): Promise<Book[]> {
    return this.books.all();
  }

  @Get('/:bookId')
  byId(@Param('bookId') bookId: number): Promise<Book> {
    return this.books.byId(bookId);
  }
}
