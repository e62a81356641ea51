/** Delivers parts in order and once, also across restarts of Redis that lose what it had confirmed. */
import { randomUUID } from 'node:crypto';
import { BatchRejected } from '@tsukimi/metrics';
import type { RedisCommands } from '../connection/commands.js';
import { runScript } from '../connection/script.js';
import { APPLY } from './apply-script.js';
import type { PartContent } from './parts.js';

/** A text with the changes of one interval, or a piece of it. */
export interface Part {
  readonly sequence: number;
  readonly text: string;
  /** The keys that a cluster has to know; undefined for one server. */
  readonly keys: readonly string[] | undefined;
  /** When it was sent first, and when Redis confirmed it. */
  sent: Moment | undefined;
  confirmed: Moment | undefined;
}

/** By two clocks: one stands still while the machine sleeps, the other may be set back. */
interface Moment {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

const moment = (): Moment => ({ monotonicMs: performance.now(), wallMs: Date.now() });

const msSince = (then: Moment): number => Math.max(performance.now() - then.monotonicMs, Date.now() - then.wallMs);

/** Redis writes its append-only file to the disk each second by default, and may be a second late. What it confirmed longer ago than this is durable. */
const DURABLE_AFTER_MS = 5_000;

/** The memory for parts that Redis has confirmed, and may lose. */
const MAX_KEPT_CHARACTERS = 16 * 2 ** 20;

export interface DeliveryOptions {
  readonly commands: RedisCommands;
  readonly prefix: string;
  /** How long Redis remembers which parts of this process it has. */
  readonly sequenceTtlMs: number;
  /** How long Redis keeps the current values of this process. */
  readonly currentTtlMs: number;
  /** Called when Redis has lost parts that can't be sent again. */
  readonly onLost: (parts: number) => void;
  /** Called when Redis refused writes. */
  readonly onRefused: (writes: number, why: string) => void;
}

/** Further keys that the script writes each time. */
const ALWAYS_WRITTEN = ['parts', 'created', 'updated', 'processes'];

interface Answer {
  readonly status: 'applied' | 'duplicate' | 'behind';
  /** The sequence number of the last part that Redis has; 0 if it does not know this process. */
  readonly known: number;
}

export class Deliveries {
  readonly #options: DeliveryOptions;
  /** Random for each start of a process. */
  #id = randomUUID();
  #lastSequence = 0;
  /** The last part before those that the totals should have: they had another id, or are lost. */
  #base = 0;
  /** Parts that Redis has confirmed, but may not have on its disk. */
  #kept: Part[] = [];
  /** The last part that Redis has for good. */
  #durable = 0;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  part({ text, keys }: PartContent): Part {
    this.#lastSequence += 1;
    const { isCluster } = this.#options.commands;
    return { sequence: this.#lastSequence, text, keys: isCluster ? keys() : undefined, sent: undefined, confirmed: undefined };
  }

  /** Delivers the parts of a batch that are not confirmed yet. @throws BatchRejected if some of them may have been counted, and nobody can know */
  async deliver(parts: readonly Part[], signal: AbortSignal): Promise<void> {
    let givenUp = 0;
    for (const part of parts) {
      if (part.confirmed === undefined && !(await this.#deliver(part, signal))) givenUp += 1;
    }
    if (givenUp > 0) throw new BatchRejected('it was sent so long ago that Redis may have forgotten whether it has counted it');
  }

  /** @returns whether it was counted; if not, it never will be */
  async #deliver(part: Part, signal: AbortSignal): Promise<boolean> {
    const answer = await this.#apply(part, part.sequence - 1, signal);
    if (answer.status !== 'behind') {
      this.#confirm(part);
      return true;
    }
    if (answer.known === 0 && this.#isForgotten(part.sent)) {
      this.#beginAnew(part.sequence);
      part.confirmed = moment();
      return false;
    }
    await this.#catchUp(part, answer.known, signal);
    return true;
  }

  /** Sends what Redis has lost, and then the part. */
  async #catchUp(part: Part, known: number, signal: AbortSignal): Promise<void> {
    const missing = this.#missing(known);
    const lastLost = (missing[0] ?? part).sequence - 1;
    const lost = lastLost - Math.max(known, this.#base);
    let previous = known;
    for (const each of [...missing, part]) {
      const answer = await this.#apply(each, previous, signal);
      if (answer.status === 'behind') throw new Error('another push of this process was applied at the same time');
      previous = Math.max(each.sequence, answer.known);
    }
    this.#confirm(part);
    if (lost <= 0) return;
    // They are not lost again if Redis is emptied again, and not sent again either.
    this.#base = lastLost;
    this.#options.onLost(lost);
  }

  #missing(known: number): Part[] {
    // If it has forgotten even what it once had on its disk, it was emptied: nothing that was counted before belongs there.
    if (known === 0 && this.#durable > this.#base) return [];
    const after = Math.max(known, this.#base);
    return this.#kept.filter(({ sequence, confirmed }) => sequence > after && !this.#isForgotten(confirmed));
  }

  async #apply(part: Part, previous: number, signal: AbortSignal): Promise<Answer> {
    const { commands, prefix, sequenceTtlMs, currentTtlMs, onRefused } = this.#options;
    // Of a part that was sent before, the first time counts.
    part.sent ??= moment();
    const numbers = [part.sequence, previous].map(String);
    const args = [this.#id, ...numbers, part.text, String(sequenceTtlMs), String(currentTtlMs)];
    const keys: [string, ...string[]] = [`${prefix}process:${this.#id}`];
    if (part.keys !== undefined) for (const key of [...ALWAYS_WRITTEN, `current:${this.#id}`, ...part.keys]) keys.push(`${prefix}${key}`);
    const reply = await runScript(commands, APPLY, { keys, args, signal });
    const [status, known, refused, why] = reply as [unknown, unknown, unknown, unknown];
    if (Number(refused) > 0) onRefused(Number(refused), String(why));
    return { status: String(status) as Answer['status'], known: Number(known) };
  }

  #confirm(part: Part): void {
    part.confirmed = moment();
    // Redis has just told that it has everything up to this part.
    const isDurable = ({ confirmed }: Part): boolean => confirmed !== undefined && msSince(confirmed) > DURABLE_AFTER_MS;
    while (this.#kept[0] !== undefined && isDurable(this.#kept[0])) this.#durable = (this.#kept.shift() as Part).sequence;
    this.#kept.push(part);
    let characters = this.#kept.reduce((sum, { text }) => sum + text.length, 0);
    while (characters > MAX_KEPT_CHARACTERS && this.#kept.length > 1) characters -= (this.#kept.shift() as Part).text.length;
  }

  /** Whether Redis may have forgotten what it knew then. */
  #isForgotten(then: Moment | undefined): boolean {
    return then !== undefined && msSince(then) > this.#options.sequenceTtlMs * 0.9;
  }

  #beginAnew(base: number): void {
    this.#id = randomUUID();
    this.#base = base;
    this.#durable = base;
    this.#kept = [];
  }
}
