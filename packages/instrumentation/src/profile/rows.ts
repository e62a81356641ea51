/** Adds up what belongs to methods, or to components. */

interface Row<K> {
  readonly key: K;
  place: string;
  self: number;
  withCallees: number;
  /** How many of the frames above belong to it: what recursion samples is counted once. */
  depth: number;
}

export interface Counted {
  readonly self: number;
  readonly share: number;
  readonly withCallees: number;
  readonly withCalleesShare: number;
}

export class Rows<K> {
  readonly #rows = new Map<K, Row<K>>();
  selfSum = 0;

  give(key: K, self: number): void {
    this.#row(key).self += self;
    this.selfSum += self;
  }

  /** The walk enters a function. @returns what to call when it leaves it, with what was sampled in it and below */
  enter(key: K, place: string): (sum: number) => void {
    const row = this.#row(key);
    row.place = place;
    row.depth += 1;
    return (sum) => {
      row.depth -= 1;
      if (row.depth === 0) row.withCallees += sum;
    };
  }

  /** The rows with the largest first. */
  sorted<T extends object>(total: number, describe: (key: K, place: string) => T): (T & Counted)[] {
    const share = (part: number): number => (total === 0 ? 0 : part / total);
    return [...this.#rows.values()]
      .filter(({ withCallees }) => withCallees > 0)
      .sort((a, b) => b.self - a.self || b.withCallees - a.withCallees)
      .map(({ key, place, self, withCallees }) => ({
        ...describe(key, place),
        self,
        share: share(self),
        withCallees,
        withCalleesShare: share(withCallees),
      }));
  }

  #row(key: K): Row<K> {
    let row = this.#rows.get(key);
    if (row === undefined) {
      row = { key, place: '', self: 0, withCallees: 0, depth: 0 };
      this.#rows.set(key, row);
    }
    return row;
  }
}
