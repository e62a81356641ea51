/** A histogram with buckets of its own: sizes, not times. */
import { Controller, exponentialBuckets, Get, type Histogram, InstrumentationProvider, Param } from 'tsukimi';
import { wholeNumber } from './whole-number.js';

@Controller('/upload')
export class UploadController {
  readonly #size: Histogram;

  constructor(instrumentation: InstrumentationProvider) {
    this.#size = instrumentation.histogram({
      name: 'upload_size_bytes',
      help: 'Size of an upload.',
      // 1 kB, 4 kB, 16 kB, 64 kB.
      buckets: exponentialBuckets(1024, 4, 4),
    });
  }

  @Get('/:bytes')
  upload(@Param('bytes') bytes: number) {
    const size = wholeNumber(bytes, { name: 'bytes', highest: 1_000_000 });
    this.#size.observe(size);
    return { size };
  }
}
