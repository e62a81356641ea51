/** Node's own timers, even if a test faked `node:timers` before it loaded this module. */
import { setImmediate } from 'node:timers';

/**
 * @internal Returns the real timer function behind a fake of @sinonjs/fake-timers, which keeps the real ones on its clock.
 * @param name the name of the function, because a fake has none
 */
export function unfaked<T extends object>(timer: T, name: string): T {
  const { clock } = timer as { readonly clock?: Readonly<Record<string, T | undefined>> };
  return clock?.[`_${name}`] ?? timer;
}

/** Yields to the event loop for one turn. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => void unfaked(setImmediate, 'setImmediate')(() => resolve()));
}
