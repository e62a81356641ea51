/** Shares scrapes that begin at the same time, so that they are written and compressed only once. */
import { gzipped } from './gzip.js';

/** Starts the work of a scrape. */
type Begin = (closed: () => void) => AsyncIterator<Uint8Array, void>;

/** A chunk, and the link to the next one. Chunks that no reader references are freed. */
interface Link {
  readonly chunk: Uint8Array;
  readonly next: Way;
}

type Way = () => Promise<Link | undefined>;

interface Gzip {
  readonly first: Way;
  readonly readers: Readers;
}

/** The scrapes that readers can still join. */
export class SharedScrapes {
  readonly #open = new Map<string, Shared>();

  /**
   * Returns the chunks of a scrape: of one that has begun but not read a value yet, or of a new one. A reader that stops early does not affect others.
   * @param key identifies the request; only equal requests share a scrape
   * @param begin starts a new scrape, which calls `closed` before it reads the first value
   */
  async *join(key: string, begin: Begin): AsyncGenerator<Uint8Array, void> {
    yield* new Chunks(this.#joined(key, begin).plain);
  }

  /** Like `join`, compressed. All readers of a scrape get the same bytes, which are compressed once. */
  async *joinGzip(key: string, begin: Begin): AsyncGenerator<Uint8Array, void> {
    const { chunks, readers } = this.#gzipReader(key, begin);
    try {
      yield* chunks;
    } finally {
      readers.leave();
    }
  }

  /** Closes the scrapes that have begun to further readers, because the set of metrics has changed. */
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
    // Not in a variable: the shared context of this function's closures would keep the first link alive until the end of the scrape.
    shared = new Shared(linkTo(begin(closed), closed));
    return shared;
  }
}

/** The chunks from a link on. It only references the next link, because the first one would keep the whole scrape alive. */
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

/** A scrape that can be joined: the links to its first chunk, plain and compressed. */
class Shared {
  #gzip: Gzip | undefined;

  constructor(readonly plain: Way) {}

  get gzip(): Gzip {
    this.#gzip ??= gzipOf(this.plain);
    return this.#gzip;
  }
}

/** Counts the readers of a resource, which ends with the last of them. */
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
  // The garbage collector does not free its memory.
  return { first: linkTo(chunks), readers: new Readers(() => void chunks.return()) };
}

/** Returns a link to the next chunk, which is read once, when it is first requested. */
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
