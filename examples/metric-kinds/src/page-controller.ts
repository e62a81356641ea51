/** Counters: how often something happened. They only go up. */
import { Controller, type Counter, Get, InstrumentationProvider } from 'tsukimi';

@Controller('/')
export class PageController {
  readonly #homeVisits: Counter;
  readonly #aboutVisits: Counter;

  constructor(instrumentation: InstrumentationProvider) {
    this.#homeVisits = instrumentation.counter({ name: 'home_page_visits_total', help: 'Visits of the home page.' });
    this.#aboutVisits = instrumentation.counter({ name: 'about_page_visits_total', help: 'Visits of the about page.' });
  }

  @Get('/')
  home() {
    this.#homeVisits.inc();
    return { page: 'home' };
  }

  @Get('/about')
  about() {
    this.#aboutVisits.inc();
    return { page: 'about' };
  }
}
