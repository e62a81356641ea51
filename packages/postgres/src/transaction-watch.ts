/** Follows the transactions of one connection by what the server says: command tags, and the state after each query. */
import type { Clock } from '@tsukimi/metrics';
import type { TransactionOutcome } from './catalogue.js';

/** Called with each transaction that has ended. */
export type TransactionEnded = (outcome: TransactionOutcome, start: bigint, end: bigint) => void;

/** The query that a command belongs to. */
interface RunningCommand {
  readonly start: bigint;
  readonly text: string | undefined;
}

const AND_CHAIN = /\b(?:rollback|abort)\b[^;]*\band\s+chain\b/i;

/** The transactions of one connection. */
export class TransactionWatch {
  readonly #clock: Clock;
  readonly #ended: TransactionEnded;
  #start: bigint | undefined;
  /** Set by the tag ROLLBACK until the state shows whether it was ROLLBACK TO, which ends nothing. */
  #rolledBack: { readonly at: bigint; readonly isChained: boolean } | undefined;

  constructor(clock: Clock, ended: TransactionEnded) {
    this.#clock = clock;
    this.#ended = ended;
  }

  /** A command has completed. A text with several statements completes several. */
  completed(tag: string, { start, text }: RunningCommand): void {
    switch (tag) {
      case 'BEGIN':
      case 'START TRANSACTION':
        // Within a transaction, the server warns and changes nothing.
        if (this.#rolledBack !== undefined) this.#end('rollback', this.#rolledBack.at);
        this.#start ??= start;
        break;
      case 'COMMIT':
        this.#end('commit', this.#clock());
        break;
      case 'PREPARE TRANSACTION':
        this.#end('prepared', this.#clock());
        break;
      case 'ROLLBACK':
        if (this.#start !== undefined) this.#rolledBack = { at: this.#clock(), isChained: AND_CHAIN.test(text ?? '') };
        break;
    }
  }

  /** A query is over, and the server waits for the next. */
  ready(status: unknown): void {
    const rolledBack = this.#rolledBack;
    this.#rolledBack = undefined;
    // Idle without a tag that ended it: COMMIT has failed.
    if (status === 'I') {
      if (rolledBack !== undefined) this.#end('rollback', rolledBack.at);
      else if (this.#start !== undefined) this.#end('error', this.#clock());
      return;
    }
    if (status !== 'T' && status !== 'E') return;
    if (rolledBack?.isChained === true) this.#end('rollback', rolledBack.at);
    // AND CHAIN has begun one, or the client was in one before it was instrumented.
    this.#start ??= this.#clock();
  }

  /** The connection is closed. */
  closed(): void {
    if (this.#start !== undefined) this.#end('error', this.#clock());
  }

  #end(outcome: TransactionOutcome, at: bigint): void {
    const start = this.#start;
    this.#start = undefined;
    this.#rolledBack = undefined;
    if (start !== undefined) this.#ended(outcome, start, at);
  }
}
