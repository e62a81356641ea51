/** Methods that keep their series when they are taken off it: `const { inc } = counter.labels('x')`, as with prom-client's children. */

/**
 * Gives a series a method of its own, in the place of the getter that is asked for it first. A closure for each series and method that code
 * uses, not for each call and not for each series.
 */
export function ownMethod<F extends (...args: never[]) => unknown>(series: object, name: string, method: F): F {
  Object.defineProperty(series, name, { value: method, writable: true, configurable: true, enumerable: false });
  return method;
}
