/** The messages of one source, each once and in their order, whatever comes twice or too early. */
import type { RegistryChanges } from './changes.js';

/** How many messages wait for one that is missing. If more come, it is taken for lost. */
const MOST_WAITING = 100;

export class ReceivedChanges {
  #next = 1;
  readonly #waiting = new Map<number, RegistryChanges>();

  /** The number of the last message up to which all have come. */
  get last(): number {
    return this.#next - 1;
  }

  /** Returns the messages that can be applied now, in their order. */
  take(changes: RegistryChanges): readonly RegistryChanges[] {
    const { sequence } = changes;
    if (sequence < this.#next || this.#waiting.has(sequence)) return [];
    this.#waiting.set(sequence, changes);
    return this.#waiting.size > MOST_WAITING ? this.rest() : this.#ready();
  }

  /** Returns all that wait: what is missing does not come any more. */
  rest(): readonly RegistryChanges[] {
    const all: RegistryChanges[] = [];
    while (this.#waiting.size > 0) {
      this.#next = [...this.#waiting.keys()].reduce((least, sequence) => Math.min(least, sequence));
      all.push(...this.#ready());
    }
    return all;
  }

  #ready(): RegistryChanges[] {
    const ready: RegistryChanges[] = [];
    for (let next = this.#waiting.get(this.#next); next !== undefined; next = this.#waiting.get(this.#next)) {
      this.#waiting.delete(this.#next);
      this.#next += 1;
      ready.push(next);
    }
    return ready;
  }
}
