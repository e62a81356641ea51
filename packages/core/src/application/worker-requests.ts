/** The requests of the primary that a worker should stop, instead of signals. */
import type { ThisWorker } from '../workers/this-worker.js';
import type { StopRequest, StopRequests } from './stop-signals.js';

/** Listens for the requests of the primary. The first one counts. */
export class WorkerRequests implements StopRequests {
  #act: (request: StopRequest) => void;
  #received = false;

  /** @param act the handler of the first request, until `redirect` sets another one. */
  constructor(worker: ThisWorker, act: (request: StopRequest) => void) {
    this.#act = act;
    worker.onStopWish((wish) => {
      if (this.#received) return;
      this.#received = true;
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
