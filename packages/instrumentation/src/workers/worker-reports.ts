/** The side of a worker: sends to the primary what has changed in the metrics. */
// Not the globals, because with a test's fake timers, an interval of ours would keep `runAllTimers()` running forever.
import { clearInterval, setInterval } from 'node:timers';
import { serialize } from 'node:v8';
import type { WorkerLink } from '@tsukimi/core';
import { ChangesReader, type MetricsRegistry, type RegistryChanges, unfaked } from '@tsukimi/metrics';
import { CHANGES, COLLECT, type CollectAnswer, type CollectQuestion, type UnconfirmedChanges, type WorkerFacts } from './channels.js';

const INTERVAL_MS = 1000;

/** How long the primary may take to confirm. After that, changes are sent again. */
const CONFIRM_MS = 5000;

/** How long collect functions may take when the primary asks, which waits for 250 ms. What comes later is sent later. */
const COLLECT_MS = 150;

/** How many messages wait to be confirmed. While there are so many, changes stay in the registry. */
const MOST_UNCONFIRMED = 5;

export interface WorkerReportsOptions {
  readonly link: WorkerLink;
  readonly registry: MetricsRegistry;
  /** Returns what the JSON shows and no metric has. */
  readonly facts: () => WorkerFacts;
}

/** A message that is not confirmed, and when it was sent last, by `performance.now()`. */
interface Unconfirmed {
  readonly changes: RegistryChanges;
  sentMs: number;
}

/** Sends what has changed each second, when the primary asks, and when the process exits. */
export class WorkerReports {
  readonly #link: WorkerLink;
  readonly #reader: ChangesReader;
  #unconfirmed: Unconfirmed[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isSending = false;

  constructor({ link, registry, facts }: WorkerReportsOptions) {
    this.#link = link;
    this.#reader = new ChangesReader(registry);
    link.onAsked(COLLECT, async (question): Promise<CollectAnswer> => {
      const { confirmed, facts: isAsked } = question as CollectQuestion;
      this.#confirm(confirmed);
      await this.#reader.collect({ timeoutMs: COLLECT_MS });
      await this.#read();
      // The next one is a second after this, unless the primary asks before.
      this.#timer?.refresh();
      return { changes: this.#toSend(), ...(isAsked && { facts: facts() }) };
    });
    link.lastWords(CHANGES, () => {
      const last = this.#reader.take();
      const unconfirmed = this.#unconfirmed.map(({ changes }) => changes);
      return serialize(last === undefined ? unconfirmed : [...unconfirmed, last]);
    });
  }

  start(): void {
    this.#timer = unfaked(setInterval, 'setInterval')(() => void this.send(), INTERVAL_MS).unref();
  }

  stop(): void {
    if (this.#timer !== undefined) unfaked(clearInterval, 'clearInterval')(this.#timer);
    this.#timer = undefined;
  }

  /** Sends what has changed, if anything has. Never rejects: what can't be sent is sent later. */
  async send(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    try {
      await this.#read();
      if (this.#unconfirmed.length === 0) return;
      // None if the primary has got all as an answer: then this only asks whether it has.
      this.#confirm((await this.#link.ask(CHANGES, this.#toSend(), { timeoutMs: CONFIRM_MS })) as number);
    } catch {
      // The primary is busy, or ends.
    } finally {
      this.#isSending = false;
    }
  }

  async #read(): Promise<void> {
    if (this.#unconfirmed.length >= MOST_UNCONFIRMED) return;
    const changes = await this.#reader.read();
    if (changes !== undefined) this.#unconfirmed.push({ changes, sentMs: Number.NEGATIVE_INFINITY });
  }

  /** Those that are not on their way already. Messages arrive in the order in which they are sent. */
  #toSend(): UnconfirmedChanges {
    const now = performance.now();
    const due = this.#unconfirmed.filter(({ sentMs }) => now - sentMs >= CONFIRM_MS);
    for (const each of due) each.sentMs = now;
    return due.map(({ changes }) => changes);
  }

  #confirm(sequence: number): void {
    this.#unconfirmed = this.#unconfirmed.filter(({ changes }) => changes.sequence > sequence);
  }
}
