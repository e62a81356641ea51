/** One stream of a view's state. It connects again by itself, and is closed while nobody can see the page. */
import type { LiveChange, LiveState } from '../../src/api-types.js';
import type { LiveStatus } from '../context/page-context.js';
import { applyChange } from './apply-change.js';

export interface LiveListener {
  state(state: LiveState): void;
  status(status: LiveStatus): void;
}

const RETRY_MS = 2000;
const FULL_RETRY_MS = 10_000;

export class LiveStream {
  readonly #query: string;
  readonly #listener: LiveListener;
  #source: EventSource | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #state: LiveState | undefined;
  #isEnded = false;

  /** @param query of `api/live` */
  constructor(query: string, listener: LiveListener) {
    this.#query = query;
    this.#listener = listener;
    document.addEventListener('visibilitychange', this.#onVisibility);
    if (!document.hidden) this.#open();
  }

  close(): void {
    this.#isEnded = true;
    document.removeEventListener('visibilitychange', this.#onVisibility);
    this.#disconnect();
  }

  readonly #onVisibility = (): void => {
    if (document.hidden) this.#disconnect();
    else if (this.#source === undefined) this.#open();
  };

  #disconnect(): void {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = undefined;
  }

  #open(): void {
    this.#disconnect();
    const source = new EventSource(`api/live?${this.#query}`);
    this.#source = source;
    source.addEventListener('state', ({ data }) => this.#show(JSON.parse(data) as LiveState));
    source.addEventListener('change', ({ data }) => {
      if (this.#state !== undefined) this.#show(applyChange(this.#state, JSON.parse(data) as LiveChange));
    });
    source.addEventListener('closing', () => this.#listener.status('disconnected'));
    source.addEventListener('error', () => this.#lost(source));
  }

  #show(state: LiveState): void {
    this.#state = state;
    this.#listener.state(state);
    this.#listener.status('live');
  }

  /** The browser connects again by itself unless it was answered with an error. */
  #lost(source: EventSource): void {
    if (source.readyState !== EventSource.CLOSED) {
      this.#listener.status('disconnected');
      return;
    }
    void isFull(this.#query).then((full) => {
      if (this.#isEnded || this.#source !== source) return;
      this.#listener.status(full ? 'full' : 'disconnected');
      this.#timer = setTimeout(() => this.#open(), full ? FULL_RETRY_MS : RETRY_MS);
    });
  }
}

async function isFull(query: string): Promise<boolean> {
  try {
    return (await fetch(`api/live?${query}`, { method: 'HEAD' })).status === 503;
  } catch {
    return false;
  }
}
