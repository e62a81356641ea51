/** How code that keeps a series hears that the series is of no use any more. */

/** Keeps a series to record in. Told once; to be told again, it has to hold the series again. */
export interface SeriesHolder {
  /** The series is no longer exposed, or was set back to its beginning. Called while that happens: look for the series again later. */
  forgotten(): void;
}

/** A series that can be held. */
export interface HeldSeries {
  holder?: SeriesHolder | undefined;
}

class Holders implements SeriesHolder {
  readonly all: Set<SeriesHolder>;

  constructor(first: SeriesHolder) {
    this.all = new Set([first]);
  }

  forgotten(): void {
    for (const holder of this.all) holder.forgotten();
  }
}

/** Notes who keeps a series, which keeps its holders too, and returns the series. Most series have one holder, and need no set. */
export function holdSeries<S extends HeldSeries>(series: S, holder: SeriesHolder): S {
  const { holder: before } = series;
  if (before === undefined) series.holder = holder;
  else if (before !== holder) {
    const holders = before instanceof Holders ? before : new Holders(before);
    holders.all.add(holder);
    series.holder = holders;
  }
  return series;
}

/** Tells whoever keeps the series. */
export function forget(series: HeldSeries): void {
  const { holder } = series;
  if (holder === undefined) return;
  series.holder = undefined;
  holder.forgotten();
}
