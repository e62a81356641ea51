/** What a format decides: how a family begins, and how its samples are written. */
import type { Dialect } from './kinds/kind.js';

/** A metric as its family's header tells of it. */
export interface FamilyHead {
  readonly name: string;
  readonly help: string;
  /** Ours, prom-client's, or whatever an object says that was registered. */
  readonly type: string;
  /** The type as the text format 0.0.4 has it. */
  readonly textType: string;
  /** The unit it was given, if any. */
  readonly unit: string | undefined;
}

/** How one family is written. */
export interface Family extends Dialect {
  readonly header: string;
}

export interface Format {
  readonly contentType: string;
  /** What follows the last family. */
  readonly end: string;
  /** @param isTaken whether another metric of the registry has a name, which no family may then have */
  begin(head: FamilyHead, isTaken: (name: string) => boolean): Family;
}
