/** Scrapes that begin together are made once, and compressed once. */
import { gzipped } from './gzip.js';

/** Starts the work of a scrape. */
type Begin = (closed: () => void) => AsyncIterator<Uint8Array, void>;

/** A chunk, and the way to the next one. Who holds none lets go of what it has read. */
interface Link {
  readonly chunk: Uint8Array;
  readonly next: Way;
}

type Way = () => Promise<Link | undefined>;

interface Gzip {
  readonly first: Way;
  readonly readers: Readers;
}

/** The scrapes that others may still join. */
export class SharedScrapes {
  readonly #open = new Map<string, Shared>();

  /**
   * The chunks of a scrape: of one that has begun and not yet read a value, or of a new one. A reader that stops early stops no other.
   * @param key what is asked for: only scrapes of the same are shared
   * @param begin makes a new one; it calls `closed` before it reads the first value
   */
  async *join(key: string, begin: Begin): AsyncGenerator<Uint8Array, void> {
    yield* new Chunks(this.#joined(key, begin).plain);
  }

  /** The same compressed: all who read one scrape this way get the same bytes, which are made once. */
  async *joinGzip(key: string, begin: Begin): AsyncGenerator<Uint8Array, void> {
    const { chunks, readers } = this.#gzipReader(key, begin);
    try {
      yield* chunks;
    } finally {
      readers.leave();
    }
  }

  /** Nobody joins those that have begun: what they consist of has changed. */
  close(): void {
    this.#open.clear();
  }

  #gzipReader(key: string, begin: Begin): { readonly chunks: Chunks; readonly readers: Readers } {
    const { first, readers } = this.#joined(key, begin).gzip;
    readers.enter();
    return { chunks: new Chunks(first), readers };
  }

  #joined(key: string, begin: Begin): Shared {
    let shared = this.#open.get(key);
    if (shared === undefined) {
      shared = this.#begin(key, begin);
      this.#open.set(key, shared);
    }
    return shared;
  }

  #begin(key: string, begin: Begin): Shared {
    let shared: Shared | undefined;
    const closed = () => {
      if (this.#open.get(key) === shared) this.#open.delete(key);
      shared = undefined;
    };
    // No variable for the way: what this function's closures share would hold it for as long as the scrape goes on.
    shared = new Shared(linkTo(begin(closed), closed));
    return shared;
  }
}

/** The chunks from a link on. It holds no more than the way to the next one: from the first, all of the scrape can be reached. */
class Chunks implements AsyncIterableIterator<Uint8Array, void> {
  #next: Way | undefined;

  constructor(first: Way) {
    this.#next = first;
  }

  async next(): Promise<IteratorResult<Uint8Array, void>> {
    const link = await this.#next?.();
    this.#next = link?.next;
    return link === undefined ? { done: true, value: undefined } : { done: false, value: link.chunk };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** A scrape that can be joined: the ways to its first chunk, plain and compressed. */
class Shared {
  #gzip: Gzip | undefined;

  constructor(readonly plain: Way) {}

  get gzip(): Gzip {
    this.#gzip ??= gzipOf(this.plain);
    return this.#gzip;
  }
}

/** Those who read something that ends with the last of them. */
class Readers {
  #count = 0;

  constructor(private readonly end: () => void) {}

  enter(): void {
    this.#count += 1;
  }

  leave(): void {
    this.#count -= 1;
    if (this.#count === 0) this.end();
  }
}

function gzipOf(plain: Way): Gzip {
  const chunks = gzipped(new Chunks(plain));
  // Its memory is not the garbage collector's.
  return { first: linkTo(chunks), readers: new Readers(() => void chunks.return()) };
}

/** The way to the next chunk, which is made once, when the first one asks for it. */
function linkTo(chunks: AsyncIterator<Uint8Array, void>, closed?: () => void): Way {
  let link: Promise<Link | undefined> | undefined;
  const make = async (): Promise<Link | undefined> => {
    try {
      const { done, value } = await chunks.next();
      return done ? undefined : { chunk: value as Uint8Array, next: linkTo(chunks) };
    } finally {
      closed?.();
    }
  };
  return () => {
    link ??= make();
    return link;
  };
}
