/** An info: words that don't change while the program runs, as labels of a sample that is always 1. */
import { Controller, Get, InstrumentationProvider } from 'tsukimi';

const BUILD = { version: '1.0', author: 'Tsukimi' };

@Controller('/build')
export class BuildController {
  constructor(instrumentation: InstrumentationProvider) {
    instrumentation.info({ name: 'build_info', help: 'What was built.', labelNames: ['version', 'author'] }).set(BUILD);
  }

  @Get('/')
  build() {
    return BUILD;
  }
}
