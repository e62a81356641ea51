/** Long work in slices, so that requests are answered in between. */
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';

/** The longest a slice goes on before the event loop gets its turn. */
const SLICE_MS = 4;

/** Passes on the chunks of the sources, but the empty ones, and lets the event loop turn whenever a slice is over. */
export async function* inSlices(sources: Iterable<Iterable<Uint8Array>>): AsyncGenerator<Uint8Array, void> {
  let sliceStart = performance.now();
  for (const source of sources) {
    for (const chunk of source) {
      if (chunk.length > 0) yield chunk;
      if (performance.now() - sliceStart < SLICE_MS) continue;
      await setImmediate();
      sliceStart = performance.now();
    }
  }
}
