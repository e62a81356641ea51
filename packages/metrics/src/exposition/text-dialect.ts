/** How the two text formats differ: how a family begins, and how its samples are written. */

/** A metric as its family's header shows it. */
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

/** How the samples of a family are written in one of the formats. */
export interface FamilyDialect {
  /** A bucket's bound or a quantile, as a label's value. */
  readonly formatBound: (bound: number) => string;
  /** In OpenMetrics the family's name: creation times and exemplars are written only where it is set. */
  readonly family: string | undefined;
}

/** How one family is written. */
export interface TextFamily extends FamilyDialect {
  readonly header: string;
}

export interface TextDialect {
  readonly contentType: string;
  /** What follows the last family. */
  readonly end: string;
  /** @param isTaken whether another metric of the registry has a name, which no family may then have */
  begin(head: FamilyHead, isTaken: (name: string) => boolean): TextFamily;
}
