/** Finds what belongs to a label set. */
import { OTHER_LABEL_VALUE } from './bounds.js';

type Level<S> = Map<string, Level<S> | S>;

/** Something for each label set, made on first use and found without a key that two label sets could share. */
export class ByLabelSet<S extends object> {
  readonly #root: Level<S> = new Map();
  readonly #found: S[] = [];
  /** What further label sets share. */
  #rest: S | undefined = undefined;

  /**
   * @param make undefined if it can't be made now; it is asked again
   * @param most how many label sets are told apart; what is beyond is `__other__` in each label. Budgets of several labels multiply
   */
  constructor(
    private readonly make: (values: readonly string[]) => S | undefined,
    private readonly most: number,
  ) {}

  /** What was made so far. */
  get all(): readonly S[] {
    return this.#rest === undefined ? this.#found : [...this.#found, this.#rest];
  }

  of(values: readonly string[]): S | undefined {
    let level = this.#root;
    for (let index = 0; index < values.length - 1; index += 1) {
      const value = values[index] as string;
      let next = level.get(value) as Level<S> | undefined;
      if (next === undefined) {
        next = new Map();
        // Each value of a label has a budget, so there are few such maps.
        level.set(value, next);
      }
      level = next;
    }
    const last = values.at(-1) as string;
    let found = level.get(last) as S | undefined;
    if (found !== undefined) return found;
    if (this.#found.length >= this.most) {
      this.#rest ??= this.make(values.map(() => OTHER_LABEL_VALUE));
      return this.#rest;
    }
    found = this.make(values);
    if (found === undefined) return undefined;
    level.set(last, found);
    this.#found.push(found);
    return found;
  }
}
