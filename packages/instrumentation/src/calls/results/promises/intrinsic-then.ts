/** Listens to native promises whatever has become of their `then`. */

type OnFulfilled = (value: unknown) => unknown;
type OnRejected = (reason: unknown) => unknown;

// The intrinsic method, so that an application that replaces `then` on the prototype does not affect measuring.
const { then } = Promise.prototype;

export function listen(promise: object, onFulfilled: OnFulfilled, onRejected: OnRejected): Promise<unknown> {
  return then.call(promise as Promise<unknown>, onFulfilled, onRejected);
}
