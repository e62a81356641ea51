/** Keeps a call that ran out of stack from being recorded by halves. */

// Deeper than recording goes.
const FRAMES = 24;

/**
 * Throws what the engine throws where the stack is about to end: of the innermost calls, for which there is no room, nothing is recorded.
 * For failures only; there it costs nothing beside the error.
 */
export function requireStackRoom(frames = FRAMES): number {
  return frames === 0 ? 0 : 1 + requireStackRoom(frames - 1);
}
