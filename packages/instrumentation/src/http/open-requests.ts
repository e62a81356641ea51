/** The requests that are under way and not known to be streams, in a list that costs no allocation. */
import type { OpenRequest } from './accounting.js';

export class OpenRequests {
  #first: OpenRequest | undefined = undefined;

  add(request: OpenRequest): void {
    const first = this.#first;
    request.next = first;
    if (first !== undefined) first.previous = request;
    this.#first = request;
  }

  remove(request: OpenRequest): void {
    const { previous, next } = request;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next !== undefined) next.previous = previous;
    request.previous = undefined;
    request.next = undefined;
  }

  *[Symbol.iterator](): Generator<OpenRequest> {
    for (let request = this.#first; request !== undefined; ) {
      // The one that is looked at may be removed.
      const { next } = request;
      yield request;
      request = next;
    }
  }
}
