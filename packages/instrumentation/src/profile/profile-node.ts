/** The call tree as it is shown: merged by function, with components and methods. */

/** A function in a call path, with all paths to it that are the same. */
export interface ProfileNode {
  /** The name of the function; `(anonymous)` if it has none. */
  readonly name: string;
  /** File, line and column; undefined for native functions. */
  readonly place?: string;
  /** The measured method that the function is, if it is one. */
  readonly component?: string;
  readonly method?: string;
  /** What was sampled in the function itself. */
  readonly self: number;
  /** What was sampled in it and in what it called. */
  readonly total: number;
  /** Largest first. Those with less than a two-thousandth of everything are left out. */
  readonly children: readonly ProfileNode[];
}

const SMALLEST_SHARE = 1 / 2000;

interface Described {
  readonly name: string;
  readonly place?: string;
  readonly component?: string;
  readonly method?: string;
}

/** A node while the tree is read. */
export class GrowingNode {
  readonly #described: Described;
  readonly #children = new Map<string, GrowingNode>();
  #self = 0;

  constructor(described: string | Described) {
    this.#described = typeof described === 'string' ? { name: described } : described;
  }

  add(self: number): void {
    this.#self += self;
  }

  child(key: string, described: Described): GrowingNode {
    let child = this.#children.get(key);
    if (child === undefined) {
      child = new GrowingNode(described);
      this.#children.set(key, child);
    }
    return child;
  }

  finished(everything: number): ProfileNode {
    const all = [...this.#children.values()].map((child) => child.finished(everything)).filter(({ total }) => total > 0);
    const total = all.reduce((sum, child) => sum + child.total, this.#self);
    const children = all.filter((child) => child.total >= everything * SMALLEST_SHARE).sort((a, b) => b.total - a.total);
    return { ...this.#described, self: this.#self, total, children };
  }
}
