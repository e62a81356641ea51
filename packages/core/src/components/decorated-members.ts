/** Remembers the classes on whose members this copy's decorators are, so that another copy can say that it ignores them. */
const decorated = new WeakSet<object>();

/** @param target the class for a decorator of a constructor's parameter, or else its prototype */
export function rememberDecorated(target: object): void {
  decorated.add(target);
}

export function isDecorated(target: object): boolean {
  return decorated.has(target);
}
