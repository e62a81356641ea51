/** One profile, from the request to the report. It goes on while the reader looks at other views, and ends with the page. */
import type { ProfileReport } from './report.js';

export type Kind = 'cpu' | 'heap';

export type RunState =
  | { readonly step: 'idle' }
  | { readonly step: 'running'; readonly kind: Kind; readonly seconds: number; readonly since: number }
  | { readonly step: 'done'; readonly report: ProfileReport }
  | { readonly step: 'failed'; readonly failure: Failure };

export interface Failure {
  readonly title: string;
  readonly message: string;
}

/** What stands above the server's own words. */
const TITLES: Readonly<Record<string, string>> = {
  TSK_ERR_PROFILE_BUSY: 'Another profile is running.',
  TSK_ERR_PROFILE_DISABLED: 'Profiles are switched off.',
  TSK_ERR_PROFILE_DEBUGGER: 'A debugger is attached.',
  TSK_ERR_PROFILE_HEAP_TAKEN: 'The heap is already being sampled.',
  TSK_ERR_PROFILE_UNAVAILABLE: 'This process cannot be profiled.',
  TSK_ERR_PROFILE_STOPPED: 'The application is stopping.',
  TSK_ERR_PROFILE_OPTION: 'The application refused the request.',
};

/** Where the profiles are, from the page. */
const BASE = '../profile';

export class ProfileRun {
  #state: RunState = { step: 'idle' };
  #cancel: AbortController | undefined;
  readonly #listeners = new Set<(state: RunState) => void>();

  get state(): RunState {
    return this.#state;
  }

  watch(listener: (state: RunState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async start(kind: Kind, seconds: number | 'start'): Promise<void> {
    this.#cancel?.abort();
    const cancel = new AbortController();
    this.#cancel = cancel;
    this.#set({ step: 'running', kind, seconds: seconds === 'start' ? 0 : seconds, since: Date.now() });
    const end = await asked(kind, seconds, cancel.signal);
    if (!cancel.signal.aborted) this.#set(end);
  }

  /** The application stops measuring when the connection is gone. */
  cancel(): void {
    this.#cancel?.abort();
    this.#set({ step: 'idle' });
  }

  #set(state: RunState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }
}

export const profileRun = new ProfileRun();

async function asked(kind: Kind, seconds: number | 'start', signal: AbortSignal): Promise<RunState> {
  const query = new URLSearchParams(seconds === 'start' ? [] : [['seconds', String(seconds)]]);
  for (const file of [`${kind}profile`, 'pprof']) query.append('file', file);
  try {
    const response = await fetch(`${BASE}/${kind}?${query}`, { signal, headers: { accept: 'application/json' } });
    const body: unknown = await response.json();
    return response.ok ? { step: 'done', report: body as ProfileReport } : { step: 'failed', failure: failureOf(body, response.status) };
  } catch {
    return {
      step: 'failed',
      failure: { title: 'The application did not answer.', message: 'It may have stopped or restarted. Start the profile again.' },
    };
  }
}

export function failureOf(body: unknown, status: number): Failure {
  const { error, message } = Object(body) as { readonly error?: unknown; readonly message?: unknown };
  return {
    title: (typeof error === 'string' ? TITLES[error] : undefined) ?? 'There is no profile.',
    message: typeof message === 'string' ? message : `The application answered with status ${status}.`,
  };
}
