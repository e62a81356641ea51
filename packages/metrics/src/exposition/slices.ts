/** Long work in slices, so that requests are answered in between. */
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';

/** The longest a slice goes on before the event loop gets its turn. */
const SLICE_MS = 4;

/** Passes on what the sources give, and lets the event loop turn whenever a slice is over. */
export async function* inSlices(sources: Iterable<Iterable<string>>): AsyncGenerator<string> {
  let sliceStart = performance.now();
  for (const source of sources) {
    for (const chunk of source) {
      yield chunk;
      if (performance.now() - sliceStart < SLICE_MS) continue;
      await setImmediate();
      sliceStart = performance.now();
    }
  }
}
