/** Prevents incomplete recording of a call that ran out of stack. */

// More frames than recording needs.
const FRAMES = 24;

/**
 * Throws the engine's error if the stack is nearly full. The innermost calls, for which there is no room, are then not recorded at all.
 * Used for failures only, where its cost is negligible.
 */
export function requireStackRoom(frames = FRAMES): number {
  return frames === 0 ? 0 : 1 + requireStackRoom(frames - 1);
}
