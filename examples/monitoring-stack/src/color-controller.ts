/** `/green` always succeeds, `/red` always fails: with a 500 and a stack in the log, as any error that nobody expected. */
import { Controller, Get } from 'tsukimi';

@Controller('/')
export class ColorController {
  @Get('/green')
  green() {
    return { color: 'green' };
  }

  @Get('/red')
  red(): never {
    throw new Error('/red always fails.');
  }
}
