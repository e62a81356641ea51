/** The differences between the two text formats: headers of families, and details of samples. */

/** The data in the header of a family. */
export interface FamilyHead {
  readonly name: string;
  readonly help: string;
  /** Our type, prom-client's, or that of any other registered object. */
  readonly type: string;
  /** The type in the text format 0.0.4. */
  readonly textType: string;
  /** The unit, if it was set explicitly. */
  readonly unit: string | undefined;
}

/** The details of writing a family's samples in one format. */
export interface FamilyDialect {
  /** Formats a bucket's bound or a quantile as the value of a label. */
  readonly formatBound: (bound: number) => string;
  /** The family's name in OpenMetrics. Creation times and exemplars are only written if it is set. */
  readonly family: string | undefined;
}

/** The details of writing one family. */
export interface TextFamily extends FamilyDialect {
  readonly header: string;
}

export interface TextDialect {
  readonly contentType: string;
  /** The text after the last family. */
  readonly end: string;
  /** @param isTaken returns whether another metric of the registry has a name, which the family must then not use */
  begin(head: FamilyHead, isTaken: (name: string) => boolean): TextFamily;
}
