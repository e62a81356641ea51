/** Draws many parts a few at a time, so that no frame takes long. */
import { useEffect, useState } from 'preact/hooks';

/** A frame draws so many nodes with their edges in less than 100 ms, also on a slow machine. */
const PARTS = 80;

/** @returns how many are drawn by now: more with each frame, up to all of them */
export function useGradually(total: number): number {
  const [count, setCount] = useState(PARTS);
  useEffect(() => {
    if (count >= total) return undefined;
    const frame = requestAnimationFrame(() => setCount(count + PARTS));
    return () => cancelAnimationFrame(frame);
  }, [count, total]);
  return Math.min(count, total);
}
