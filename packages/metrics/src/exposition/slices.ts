/** Divides long work into slices, so that requests are served in between. */
import { performance } from 'node:perf_hooks';
import { nextTurn } from '../real-timers.js';

/** The maximum duration of a slice, in milliseconds. */
const SLICE_MS = 4;

/** Work in slices. */
export class Slices {
  #start = performance.now();

  /** Whether the current slice is over, and `next` should be called. */
  get isOver(): boolean {
    return performance.now() - this.#start >= SLICE_MS;
  }

  /** Yields to the event loop, and begins the next slice. */
  async next(): Promise<void> {
    await nextTurn();
    this.#start = performance.now();
  }
}

/** Passes on the non-empty chunks of the sources, and yields to the event loop after each slice. */
export async function* inSlices(sources: Iterable<Iterable<Uint8Array>>): AsyncGenerator<Uint8Array, void> {
  const slices = new Slices();
  for (const source of sources) {
    for (const chunk of source) {
      if (chunk.length > 0) yield chunk;
      if (slices.isOver) await slices.next();
    }
  }
}
