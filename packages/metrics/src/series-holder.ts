/** Notifies code that keeps a series when the series is no longer exposed. */

/** Code that keeps a series to record in. It is notified once; to be notified again, it must hold the series again. */
export interface SeriesHolder {
  /** Called while the series is being removed or reset. Look up the series again later, not in this call. */
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

/** Registers a holder of a series, and returns the series, which references its holders. Most series have one holder, and need no set. */
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

/** Notifies the holders of a series. */
export function forget(series: HeldSeries): void {
  const { holder } = series;
  if (holder === undefined) return;
  series.holder = undefined;
  holder.forgotten();
}
