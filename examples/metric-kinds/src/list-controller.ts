/** A gauge: how much there is of something now. It goes up and down. */
import { Controller, Get, InstrumentationProvider, Param } from 'tsukimi';
import { wholeNumber } from './whole-number.js';

const MOST_ITEMS = 1_000;

@Controller('/')
export class ListController {
  readonly #items: string[] = [];

  constructor(instrumentation: InstrumentationProvider) {
    const items = this.#items;
    instrumentation.gauge({
      name: 'list_items',
      help: 'Items in the list.',
      // Read when it is scraped: it can't be forgotten where the list changes.
      collect() {
        this.set(items.length);
      },
    });
  }

  @Get('/add/:n')
  add(@Param('n') n: number) {
    const added = Math.min(wholeNumber(n, { name: 'n', highest: 100 }), MOST_ITEMS - this.#items.length);
    for (let count = 0; count < added; count += 1) this.#items.push('item');
    return { items: this.#items.length };
  }

  @Get('/remove/:n')
  remove(@Param('n') n: number) {
    this.#items.splice(0, wholeNumber(n, { name: 'n', highest: 100 }));
    return { items: this.#items.length };
  }
}
