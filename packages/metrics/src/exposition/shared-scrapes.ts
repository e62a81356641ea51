/** Shares scrapes that begin at the same time, so that they are written and compressed only once. */
import { ChunkUse, type ReaderPosition, type ScrapeReader } from './chunk-use.js';
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
    yield* keeping(this.#joined(key, begin));
  }

  /** Like `join`, for readers that release their chunks. It is joined with the first reading. */
  read(key: string, begin: Begin): ScrapeReader {
    return new ReleasingReader(() => this.#joined(key, begin));
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
    const use = new ChunkUse();
    shared = new Shared(linkTo(begin(closed), { closed, use }), use);
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

  async return(): Promise<IteratorResult<Uint8Array, void>> {
    this.#next = undefined;
    return DONE;
  }

  /** Called by `yield*` for a reader that ends with an error, as a stream does whose connection is lost. Without it, the reader would get a `TypeError`. */
  async throw(error: unknown): Promise<IteratorResult<Uint8Array, void>> {
    this.#next = undefined;
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** The chunks for a reader that never says that it needs them no more. */
function keeping({ plain, use }: Shared): Chunks {
  use.keep();
  return new Chunks(plain);
}

class ReleasingReader implements ScrapeReader {
  /** Undefined once it was called: it may reference the first chunk, and so all of them. */
  #join: (() => Pick<Shared, 'plain' | 'use'>) | undefined;
  #chunks: Chunks | undefined;
  #use: ChunkUse | undefined;
  #position: ReaderPosition | undefined;
  #hasLeft = false;

  constructor(join: () => Pick<Shared, 'plain' | 'use'>) {
    this.#join = join;
  }

  async next(): Promise<IteratorResult<Uint8Array, void>> {
    this.#enter();
    const result = (await this.#chunks?.next()) ?? DONE;
    if (this.#hasLeft) return DONE;
    if (!result.done) (this.#position as ReaderPosition).handed += 1;
    return result;
  }

  release(): void {
    if (!this.#hasLeft && this.#position !== undefined) this.#use?.release(this.#position);
  }

  async return(): Promise<IteratorResult<Uint8Array, void>> {
    if (!this.#hasLeft && this.#position !== undefined) this.#use?.leave(this.#position);
    this.#hasLeft = true;
    this.#join = undefined;
    this.#chunks = undefined;
    return DONE;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #enter(): void {
    const joined = this.#join?.();
    this.#join = undefined;
    if (joined === undefined) return;
    this.#chunks = new Chunks(joined.plain);
    this.#use = joined.use;
    this.#position = joined.use.enter();
  }
}

const DONE: IteratorReturnResult<void> = { done: true, value: undefined };

/** A scrape that can be joined: the links to its first chunk, plain and compressed. */
class Shared {
  #gzip: Gzip | undefined;

  constructor(
    readonly plain: Way,
    readonly use: ChunkUse,
  ) {}

  get gzip(): Gzip {
    this.#gzip ??= gzipOf(this);
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

function gzipOf({ plain, use }: Shared): Gzip {
  const reader = new ReleasingReader(() => ({ plain, use }));
  const chunks = gzipped(reader);
  // The garbage collector does not free its memory.
  return { first: linkTo(chunks), readers: new Readers(() => void chunks.return()) };
}

interface Making {
  /** Told of each chunk. */
  readonly use?: ChunkUse;
  /** Called before the first chunk. */
  readonly closed?: () => void;
}

/** Returns a link to the next chunk, which is read once, when it is first requested. */
function linkTo(chunks: AsyncIterator<Uint8Array, void>, { use, closed }: Making = {}): Way {
  let link: Promise<Link | undefined> | undefined;
  const make = async (): Promise<Link | undefined> => {
    try {
      const { done, value } = await chunks.next();
      if (done) return undefined;
      use?.made(value as Uint8Array);
      return { chunk: value as Uint8Array, next: linkTo(chunks, use && { use }) };
    } finally {
      closed?.();
    }
  };
  return () => {
    link ??= make();
    return link;
  };
}
