/** Which rows of a long list are in sight. */
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';

/** Rows that are drawn above and below what is in sight. */
const MARGIN = 12;

interface Sizes {
  readonly rowHeight: number;
  readonly count: number;
}

export interface Window {
  readonly first: number;
  /** The first that is not drawn. */
  readonly last: number;
}

export function useWindow(scroller: { readonly current: HTMLElement | null }, { rowHeight, count }: Sizes): Window {
  const [seen, setSeen] = useState({ top: 0, rows: 30 });
  const look = (): void => {
    const frame = scroller.current;
    if (frame === null) return;
    // In steps, so that most scroll events draw nothing.
    const top = Math.floor(frame.scrollTop / rowHeight / 4) * 4;
    const rows = Math.ceil(frame.clientHeight / rowHeight);
    setSeen((before) => (before.top === top && before.rows === rows ? before : { top, rows }));
  };
  useLayoutEffect(look, []);
  useEffect(() => {
    const frame = scroller.current;
    if (frame === null) return undefined;
    const sizes = new ResizeObserver(look);
    sizes.observe(frame);
    frame.addEventListener('scroll', look, { passive: true });
    return () => {
      sizes.disconnect();
      frame.removeEventListener('scroll', look);
    };
  }, []);
  return windowOf({ ...seen, count });
}

export function windowOf({ top, rows, count }: { readonly top: number; readonly rows: number; readonly count: number }): Window {
  const first = Math.max(0, Math.min(top, count - rows) - MARGIN);
  return { first, last: Math.min(count, first + rows + 2 * MARGIN + 4) };
}
