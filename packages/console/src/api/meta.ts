/** The answer that says what there is to see. */

/** `GET meta`: what there is to see. */
export interface Meta {
  /** Changes when the process restarts: drop everything known then. */
  readonly instance: string;
  readonly name: string | null;
  readonly version: string | null;
  readonly nodeVersion: string;
  readonly pid: number;
  readonly host: string;
  readonly startedAt: number;
  readonly now: number;
  /** False if `instrumentation.enabled` is false: nothing is measured but the application's own metrics. */
  readonly isMeasuring: boolean;
  /** The path of the JSON metrics; `/prometheus` below it is the text. */
  readonly metricsPath: string;
  readonly history: HistoryState;
  /** Views that have nothing to show are false. */
  readonly has: {
    readonly http: boolean;
    readonly components: boolean;
    readonly system: boolean;
    readonly scheduler: boolean;
    readonly settings: boolean;
    readonly errors: boolean;
    readonly profile: boolean;
    /** Whether it has several workers: what it shows is of all of them, but a profile is of one. */
    readonly workers: boolean;
  };
}

export interface HistoryState {
  /** The oldest time that can be asked for. */
  readonly oldest: number;
  readonly newest: number;
  /** Seconds between two samples. */
  readonly sampleSeconds: number;
  readonly bytes: number;
  readonly maxBytes: number;
  readonly series: number;
}
