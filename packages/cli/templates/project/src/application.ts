/** The application: what it consists of, and that it is measured. */
import { Application, Instrumented } from 'tsukimi';
import { BookController } from './controllers/book-controller.js';
import { BookRepository } from './repositories/book-repository.js';
import { BookService } from './services/book-service.js';
import { ShelfReport } from './services/shelf-report.js';

@Instrumented()
@Application({ components: [BookController, BookService, ShelfReport, BookRepository] })
export class BookApplication {}
