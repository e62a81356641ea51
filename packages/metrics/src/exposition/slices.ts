/** Divides long work into slices, so that requests are served in between. */
import { performance } from 'node:perf_hooks';
import { nextTurn } from '../real-timers.js';

/** The maximum duration of a slice, in milliseconds. */
const SLICE_MS = 4;

/** Passes on the non-empty chunks of the sources, and yields to the event loop after each slice. */
export async function* inSlices(sources: Iterable<Iterable<Uint8Array>>): AsyncGenerator<Uint8Array, void> {
  let sliceStart = performance.now();
  for (const source of sources) {
    for (const chunk of source) {
      if (chunk.length > 0) yield chunk;
      if (performance.now() - sliceStart < SLICE_MS) continue;
      await nextTurn();
      sliceStart = performance.now();
    }
  }
}
