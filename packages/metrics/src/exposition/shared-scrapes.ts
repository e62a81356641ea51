/** Scrapes that begin together are made once. */

/** Starts the work of a scrape. */
type Begin = (closed: () => void) => AsyncIterator<string, void>;

/** A chunk, and the way to the next one. Who holds none lets go of what it has read. */
interface Link {
  readonly chunk: string;
  readonly next: () => Promise<Link | undefined>;
}

/** A scrape that can be joined: the way to its first chunk. */
interface Shared {
  readonly first: () => Promise<Link | undefined>;
}

/** The scrapes that others may still join. */
export class SharedScrapes {
  readonly #open = new Map<string, Shared>();

  /**
   * The chunks of a scrape: of one that has begun and not yet read a value, or of a new one. Whoever stops early stops for himself.
   * @param key what is asked for: only scrapes of the same are shared
   * @param begin makes a new one; it calls `closed` before it reads the first value
   */
  async *join(key: string, begin: Begin): AsyncGenerator<string, void> {
    // Nothing here may hold the first link, from which all of the scrape's text can be reached.
    for (let link = await this.#first(key, begin); link !== undefined; link = await link.next()) yield link.chunk;
  }

  /** Nobody joins those that have begun: what they consist of has changed. */
  close(): void {
    this.#open.clear();
  }

  #first(key: string, begin: Begin): Promise<Link | undefined> {
    let shared = this.#open.get(key);
    if (shared === undefined) {
      shared = this.#begin(key, begin);
      this.#open.set(key, shared);
    }
    return shared.first();
  }

  #begin(key: string, begin: Begin): Shared {
    let shared: Shared | undefined;
    const closed = () => {
      if (this.#open.get(key) === shared) this.#open.delete(key);
      shared = undefined;
    };
    shared = { first: linkTo(begin(closed), closed) };
    return shared;
  }
}

/** The way to the next chunk, which is made once, when the first one asks for it. */
function linkTo(chunks: AsyncIterator<string, void>, closed?: () => void): () => Promise<Link | undefined> {
  let link: Promise<Link | undefined> | undefined;
  const make = async (): Promise<Link | undefined> => {
    try {
      const { done, value } = await chunks.next();
      return done ? undefined : { chunk: value, next: linkTo(chunks) };
    } finally {
      closed?.();
    }
  };
  return () => {
    link ??= make();
    return link;
  };
}
