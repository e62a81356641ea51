/** Methods that work when they are detached from their series: `const { inc } = counter.labels('x')`, as in prom-client. */

/**
 * Replaces a getter by a bound method when it is first read. This creates one closure for each series and method that is used, not one for
 * each call or for each series.
 */
export function ownMethod<F extends (...args: never[]) => unknown>(series: object, name: string, method: F): F {
  Object.defineProperty(series, name, { value: method, writable: true, configurable: true, enumerable: false });
  return method;
}
