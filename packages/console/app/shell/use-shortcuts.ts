/** Keys: the digits go to views, `p` pauses, `/` goes to the filter. */
import { useEffect } from 'preact/hooks';
import type { PageState } from '../context/page-context.js';
import { VIEWS } from '../views/views.js';

export function useShortcuts({ go, pause }: Pick<PageState, 'go'> & { pause(): void }): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const view = VIEWS[Number(event.key) - 1];
      if (view !== undefined) go({ view: view.name });
      else if (event.key === 'p') pause();
      else if (event.key === '/') document.querySelector<HTMLInputElement>('main input[type="search"]')?.focus();
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [go, pause]);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
}
