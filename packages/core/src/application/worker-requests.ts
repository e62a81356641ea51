/** The requests of the primary that a worker should stop, instead of signals. */
import type { ThisWorker } from '../workers/this-worker.js';
import type { StopRequest, StopRequests } from './stop-signals.js';

/** Listens for the requests of the primary. The first one counts, and the first one that hurries. */
export class WorkerRequests implements StopRequests {
  #act: (request: StopRequest) => void;
  #received = false;
  #isReplaced = false;

  /** @param act the handler of the first request, until `redirect` sets another one. */
  constructor(worker: ThisWorker, act: (request: StopRequest) => void) {
    this.#act = act;
    worker.onStopWish((wish) => {
      // A worker that another one has replaced is asked again if all are to stop, and then hurries. So does every worker whose primary ends.
      if (this.#received && (!this.#isReplaced || wish.isReplaced) && wish.isOrphaned !== true) return;
      this.#received = true;
      this.#isReplaced = wish.isReplaced;
      this.#act(wish);
    });
  }

  get received(): boolean {
    return this.#received;
  }

  redirect(act: (request: StopRequest) => void): void {
    this.#act = act;
  }

  remove(): void {}
}
