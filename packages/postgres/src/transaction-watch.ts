/** Follows the transactions of one connection by what the server says: command tags, and the state after each query. */
import type { Clock } from '@tsukimi/metrics';
import type { TransactionOutcome } from './catalogue.js';
import { endingsOf } from './sql-text.js';

/** Called with each transaction that has ended. */
export type TransactionEnded = (outcome: TransactionOutcome, start: bigint, end: bigint) => void;

/** The query that a command belongs to. */
interface RunningCommand {
  readonly start: bigint;
  readonly text: string | undefined;
}

/** The transactions of one connection. */
export class TransactionWatch {
  readonly #clock: Clock;
  readonly #ended: TransactionEnded;
  #start: bigint | undefined;
  /** The query whose commands complete, and how many of them were COMMIT, ROLLBACK or PREPARE TRANSACTION. */
  #running: RunningCommand | undefined;
  #endings = 0;
  /** When a ROLLBACK completed whose text is not known: the state shows whether it was ROLLBACK TO, which ends nothing. */
  #rolledBackAt: bigint | undefined;

  constructor(clock: Clock, ended: TransactionEnded) {
    this.#clock = clock;
    this.#ended = ended;
  }

  /** A command has completed. A text with several statements completes several. */
  completed(tag: string, running: RunningCommand): void {
    switch (tag) {
      case 'BEGIN':
      case 'START TRANSACTION':
        // Within a transaction, the server warns and changes nothing.
        this.#start ??= running.start;
        break;
      case 'COMMIT':
        this.#nextEnding(running);
        this.#end('commit', this.#clock());
        break;
      case 'PREPARE TRANSACTION':
        this.#nextEnding(running);
        this.#end('prepared', this.#clock());
        break;
      case 'ROLLBACK':
        this.#rolledBack(running);
        break;
    }
  }

  /** A query is over, and the server waits for the next. */
  ready(status: unknown): void {
    const rolledBackAt = this.#rolledBackAt;
    this.#rolledBackAt = undefined;
    this.#running = undefined;
    if (status === 'I') {
      if (rolledBackAt !== undefined) this.#end('rollback', rolledBackAt);
      // Idle without a command that ended it: COMMIT has failed.
      else this.#end('error', this.#clock());
    }
    // AND CHAIN has begun another, or the client was in one before it was instrumented.
    else if (status === 'T' || status === 'E') this.#start ??= this.#clock();
  }

  /** The connection is closed. */
  closed(): void {
    this.#end('error', this.#clock());
  }

  /** The tag of ROLLBACK, of ROLLBACK TO, and of COMMIT where a query of the transaction has failed. */
  #rolledBack(running: RunningCommand): void {
    const index = this.#nextEnding(running);
    const ending = running.text === undefined ? undefined : endingsOf(running.text)[index];
    if (ending === 'end') this.#end('rollback', this.#clock());
    else if (ending === undefined) this.#rolledBackAt = this.#clock();
  }

  #nextEnding(running: RunningCommand): number {
    if (this.#running !== running) {
      this.#running = running;
      this.#endings = 0;
    }
    const index = this.#endings;
    this.#endings += 1;
    return index;
  }

  #end(outcome: TransactionOutcome, at: bigint): void {
    const start = this.#start;
    this.#start = undefined;
    this.#rolledBackAt = undefined;
    if (start !== undefined) this.#ended(outcome, start, at);
  }
}
