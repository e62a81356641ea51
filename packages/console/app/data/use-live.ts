/** The state of a view, kept up to date: from a stream, or asked for once if the range is fixed. */
import { useEffect, useState } from 'preact/hooks';
import type { LiveState, View } from '../../src/api-types.js';
import { isFixed, rangeQuery } from '../address/address.js';
import { usePage } from '../context/page-context.js';
import { ask, queryOf } from './ask.js';
import { LiveStream } from './live-stream.js';

export type StateOf<V extends View> = Extract<LiveState, { readonly view: V }>;

interface Known {
  readonly query: string;
  readonly state: LiveState;
}

const RETRY_MS = 2000;

/**
 * Use it once in a view: each use is a stream of its own.
 *
 * @param params of the view, such as the name of a metric
 * @returns undefined until the first answer, and again when what is asked for changes; the last state while the connection is lost or paused
 */
export function useLive<V extends View>(view: V, params: Readonly<Record<string, string>> = {}): StateOf<V> | undefined {
  const { address, isPaused, report, sawInstance } = usePage();
  const { range } = address;
  const query = queryOf({ view, ...params, ...rangeQuery(range) });
  const fixed = isFixed(range);
  const [known, setKnown] = useState<Known>();
  const isKnown = known?.query === query;
  const isAsking = !isPaused || !isKnown;
  useEffect(() => {
    if (!isAsking) {
      report('paused');
      return undefined;
    }
    if (!isKnown) report('loading');
    const show = (state: LiveState): void => {
      if (!fixed) sawInstance(state.instance);
      setKnown({ query, state });
    };
    if (!fixed) {
      const stream = new LiveStream(query, { state: show, status: report });
      return () => stream.close();
    }
    const ended = new AbortController();
    void askUntilAnswered(ended.signal, `api/${view}?${query}`, {
      answer: show,
      isLost: (isLost) => report(isLost ? 'disconnected' : 'fixed'),
    });
    return () => ended.abort();
  }, [query, isAsking]);
  return isKnown ? (known.state as StateOf<V>) : undefined;
}

async function askUntilAnswered(
  ended: AbortSignal,
  path: string,
  { answer, isLost }: { answer(state: LiveState): void; isLost(isLost: boolean): void },
): Promise<void> {
  while (!ended.aborted) {
    const state = await ask<LiveState>(path, ended);
    if (ended.aborted) return;
    isLost(state === undefined);
    if (state !== undefined) {
      answer(state);
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}
