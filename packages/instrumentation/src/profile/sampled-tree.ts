/** The call tree of a profile, of CPU time or of memory. */
import type { ScriptPosition } from './function-places.js';

/** A function in a call path. */
export interface Frame extends ScriptPosition {
  /** Empty for anonymous functions. */
  readonly functionName: string;
  /** Empty for native functions. */
  readonly url: string;
}

/** A function in a call path, with what was sampled in it. */
export interface SampledNode {
  readonly frame: Frame;
  /** Microseconds or bytes of the function itself. */
  readonly self: number;
  /** The number of samples, or of sampled objects. */
  readonly count: number;
  readonly children: readonly SampledNode[];
}
