/** Listens to native promises, even if their `then` was replaced. */

type OnFulfilled = (value: unknown) => unknown;
type OnRejected = (reason: unknown) => unknown;

// The intrinsic method, so that an application that replaces `then` on the prototype does not affect measuring.
const { then } = Promise.prototype;

export function listen(promise: object, onFulfilled: OnFulfilled, onRejected: OnRejected): Promise<unknown> {
  return then.call(promise as Promise<unknown>, onFulfilled, onRejected);
}
