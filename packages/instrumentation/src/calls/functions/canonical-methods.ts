/** One function under several names is one method: `addListener` and `on`, or `this.state = this.text`. */
import type { Method } from './members.js';
import type { AnyFunction } from './method-kind.js';

/** The name that each function is measured by: its own where that is measured, else the first that is. */
export function canonicalMethods(methods: readonly Method[], isMeasured: (name: string) => boolean): ReadonlyMap<AnyFunction, string> {
  const names = new Map<AnyFunction, string>();
  for (const { key, original } of methods) {
    const known = names.get(original);
    if (known !== undefined && (known === nameOf(original) || key !== nameOf(original))) continue;
    if (isMeasured(key)) names.set(original, key);
  }
  return names;
}

function nameOf(original: AnyFunction): unknown {
  return Object.getOwnPropertyDescriptor(original, 'name')?.value;
}
