/** Asks the application again and again, as long as the tab is visible. */
import { useEffect, useState } from 'preact/hooks';

/** The pause between two answers. */
const PAUSE_MS = 2000;

/** What is known of an address: the last answer, and whether the application answers now. */
export interface Asked<T> {
  readonly answer: T | undefined;
  readonly isConnected: boolean;
}

/** @param path below the page, such as `api/overview`; asked anew when it changes */
export function usePolling<T>(path: string, isPaused: boolean): Asked<T> {
  const [asked, setAsked] = useState<Asked<T> & { readonly path: string }>({ path, answer: undefined, isConnected: true });
  useEffect(() => {
    if (isPaused) return undefined;
    const ended = new AbortController();
    void askUntil(ended.signal, path, (answer) =>
      setAsked((before) => ({
        path,
        answer: (answer as T | undefined) ?? (before.path === path ? before.answer : undefined),
        isConnected: answer !== undefined,
      })),
    );
    return () => ended.abort();
  }, [path, isPaused]);
  return asked.path === path ? asked : { answer: undefined, isConnected: true };
}

/** @param tell is called with each answer, and with undefined if there was none */
async function askUntil(ended: AbortSignal, path: string, tell: (answer: unknown) => void): Promise<void> {
  while (!ended.aborted) {
    if (!document.hidden) {
      const answer = await answerOf(path, ended);
      if (ended.aborted) return;
      tell(answer);
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

async function answerOf(path: string, signal: AbortSignal): Promise<unknown> {
  try {
    const response = await fetch(path, { signal });
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}
