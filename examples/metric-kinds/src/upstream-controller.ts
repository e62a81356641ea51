/** A histogram and a summary: how long something took. The same request, once in buckets and once as quantiles. */
import { Controller, Get, type Histogram, InstrumentationProvider, Param, type Summary } from 'tsukimi';
import { Upstream } from './upstream.js';
import { wholeNumber } from './whole-number.js';

@Controller('/upstream')
export class UpstreamController {
  readonly #duration: Histogram;
  readonly #quantiles: Summary;

  constructor(
    private readonly upstream: Upstream,
    instrumentation: InstrumentationProvider,
  ) {
    this.#duration = instrumentation.histogram({
      name: 'upstream_request_duration_seconds',
      help: 'Time of a request to the upstream.',
      buckets: [0.01, 0.05, 0.1, 0.5, 1],
    });
    this.#quantiles = instrumentation.summary({
      name: 'upstream_request_seconds',
      help: 'Time of a request to the upstream, of the last minute.',
      quantiles: [0.5, 0.95],
      maxAgeSeconds: 60,
    });
  }

  @Get('/:delayMs')
  async ask(@Param('delayMs') delayMs: number) {
    const url = `${this.upstream.url}/${wholeNumber(delayMs, { name: 'delayMs', highest: 1_000 })}`;
    const answer = await this.#duration.time(() => this.#quantiles.time(async () => (await fetch(url)).text()));
    return { answer };
  }
}
