/** What is asked for once, such as the settings; asked again after the connection was lost. */
import { useEffect, useState } from 'preact/hooks';
import { usePage } from '../context/page-context.js';
import { ask } from './ask.js';

const RETRY_MS = 2000;

/**
 * @param path below the page, such as `api/settings`
 * @param everyMs asks again after this time
 * @returns undefined until the first answer
 */
export function useAsked<T>(path: string, everyMs?: number): T | undefined {
  const { meta, isPaused } = usePage();
  const [known, setKnown] = useState<{ readonly path: string; readonly answer: T }>();
  const isKnown = known?.path === path;
  useEffect(() => {
    if (isPaused && isKnown) return undefined;
    const ended = new AbortController();
    const next = async (): Promise<void> => {
      const answer = document.hidden ? undefined : await ask<T>(path, ended.signal);
      if (ended.signal.aborted) return;
      if (answer !== undefined) setKnown({ path, answer });
      const waitMs = answer === undefined ? RETRY_MS : everyMs;
      if (waitMs === undefined) return;
      const timer = setTimeout(next, waitMs);
      ended.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
    };
    void next();
    return () => ended.abort();
    // A process that was started again may answer differently.
  }, [path, isPaused, meta.instance]);
  return isKnown ? known.answer : undefined;
}
