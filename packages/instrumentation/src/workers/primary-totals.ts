/** The side of the primary: keeps the totals of all workers. */
// Not the globals, which a test may have replaced: the limit applies to real time.
import { clearTimeout, setImmediate, setTimeout } from 'node:timers';
import { deserialize } from 'node:v8';
import type { PrimaryHost, WorkerState } from '@tsukimi/core';
import { ChangesReader, MetricsRegistry, Totals, type TotalsOptions, type TotalsSource, unfaked } from '@tsukimi/metrics';
import { PROCESS_AGGREGATORS } from './aggregators.js';
import { CHANGES, COLLECT, type CollectAnswer, type CollectQuestion, type UnconfirmedChanges, type WorkerFacts } from './channels.js';

/** How long a scrape waits for workers. Of those that are late, it has what they sent before. */
const WAIT_MS = 250;

/** How long an answer is waited for that comes too late for its scrape, but has counts. */
const LONGEST_MS = 60_000;

/** How often a worker is asked that does not answer. */
const ASK_AGAIN_MS = 1000;

/** The primary itself, which uses CPU time and memory too. */
const PRIMARY: TotalsSource = { worker: 'primary', incarnation: 0 };

/** What is known of a worker. */
interface Known {
  /** When it was heard last, by `performance.now()`. */
  heardMs: number;
  /** When it was asked last without an answer so far; undefined if it answers. */
  stuckSinceMs: number | undefined;
}

export interface PrimaryTotalsOptions extends Pick<TotalsOptions, 'onIncrease'> {
  readonly host: PrimaryHost;
  /** The registry of the totals. */
  readonly registry: MetricsRegistry;
}

/** The totals, and how they are brought up to date. */
export class PrimaryTotals {
  readonly registry: MetricsRegistry;
  /** The primary's own metrics that workers have as well. */
  readonly own = new MetricsRegistry();
  readonly #host: PrimaryHost;
  readonly #totals: Totals;
  readonly #ownReader = new ChangesReader(this.own);
  readonly #known = new Map<number, Known>();
  readonly #facts = new Map<number, WorkerFacts>();
  #refreshing: Promise<void> | undefined;

  constructor({ host, registry, onIncrease }: PrimaryTotalsOptions) {
    const { workers } = host;
    this.#host = host;
    this.registry = registry;
    this.#totals = new Totals({ registry, aggregators: PROCESS_AGGREGATORS, onIncrease });
    workers.onAsked(CHANGES, (message, worker) => this.#take(worker, message as UnconfirmedChanges));
    workers.onEnded((worker, { lastWords }) => this.#end(worker, lastWords.get(CHANGES)));
  }

  /** What the workers have said last, of those that live: no metric has it. */
  get facts(): readonly WorkerFacts[] {
    return [...this.#facts.values()];
  }

  /** The seconds since a worker was heard last; undefined before it was. */
  ageOf({ incarnation }: WorkerState): number | undefined {
    const known = this.#known.get(incarnation);
    return known && (performance.now() - known.heardMs) / 1000;
  }

  /** Asks all workers for what has changed. Resolves when they have answered, at most 250 ms later. Those who ask in the same turn share the answers. */
  refresh({ facts = false }: { readonly facts?: boolean } = {}): Promise<void> {
    if (facts) return this.#refresh(true);
    this.#refreshing ??= new Promise<void>((resolve) => void unfaked(setImmediate, 'setImmediate')(() => resolve())).then(() => {
      this.#refreshing = undefined;
      return this.#refresh(false);
    });
    return this.#refreshing;
  }

  async #refresh(facts: boolean): Promise<void> {
    await Promise.all([this.#readOwn(), ...this.#host.workers.all().map((worker) => this.#ask(worker, facts))]);
  }

  async #readOwn(): Promise<void> {
    await this.#ownReader.collect({ timeoutMs: WAIT_MS });
    const changes = await this.#ownReader.read();
    if (changes !== undefined) this.#totals.apply(PRIMARY, changes);
  }

  async #ask(worker: WorkerState, facts: boolean): Promise<void> {
    const known = this.#knownOf(worker);
    const { stuckSinceMs } = known;
    if (stuckSinceMs !== undefined) {
      if (performance.now() - stuckSinceMs < ASK_AGAIN_MS) return;
      known.stuckSinceMs = performance.now();
    }
    const message: CollectQuestion = { confirmed: this.#totals.received(sourceOf(worker)), facts };
    const asked = this.#host.workers.askProcess(worker.incarnation, { channel: COLLECT, message, timeoutMs: LONGEST_MS }).then(
      (answer) => this.#answered(worker, answer as CollectAnswer),
      // It has ended, or is stuck: what it has comes later.
      () => undefined,
    );
    // Nobody waits for one that did not answer the last time.
    if (stuckSinceMs === undefined && !(await isWithin(asked, WAIT_MS))) known.stuckSinceMs = performance.now();
  }

  #answered(worker: WorkerState, { changes, facts }: CollectAnswer): void {
    this.#take(worker, changes);
    if (facts !== undefined) this.#facts.set(worker.incarnation, facts);
  }

  /** Returns the number of the last message that has come. */
  #take(worker: WorkerState, all: UnconfirmedChanges): number {
    const source = sourceOf(worker);
    for (const changes of all) this.#totals.apply(source, changes);
    Object.assign(this.#knownOf(worker), { heardMs: performance.now(), stuckSinceMs: undefined });
    return this.#totals.received(source);
  }

  #end(worker: WorkerState, words: Uint8Array | undefined): void {
    if (words !== undefined) this.#take(worker, deserialize(words) as UnconfirmedChanges);
    this.#totals.end(sourceOf(worker));
    this.#known.delete(worker.incarnation);
    this.#facts.delete(worker.incarnation);
  }

  #knownOf({ incarnation }: WorkerState): Known {
    let known = this.#known.get(incarnation);
    if (known === undefined) {
      known = { heardMs: performance.now(), stuckSinceMs: undefined };
      this.#known.set(incarnation, known);
    }
    return known;
  }
}

async function isWithin(promise: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = unfaked(setTimeout, 'setTimeout')(() => resolve(false), timeoutMs);
  });
  const isInTime = await Promise.race([promise.then(() => true), late]);
  unfaked(clearTimeout, 'clearTimeout')(timer);
  return isInTime;
}

function sourceOf({ worker, incarnation }: WorkerState): TotalsSource {
  return { worker, incarnation };
}
