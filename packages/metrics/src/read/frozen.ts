/** Freezes plain data. */

/** Freezes an object or array with everything in it, and returns it. */
export function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  // Lists of numbers have nothing in them to freeze.
  if (Array.isArray(value) && typeof value[0] !== 'object') return value;
  for (const key in value) frozen(value[key]);
  return value;
}
