/** The requests in flight that are not known to be streams, in a linked list without allocations. */
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
      // The callback may remove the current request.
      const { next } = request;
      yield request;
      request = next;
    }
  }
}
