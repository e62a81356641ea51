/** Tells the observers of an application of its calls, and contains what they throw. */
import { types } from 'node:util';
import type { MetricsRegistry } from '@tsukimi/metrics';
import type { CallObserver, CompletedCall, ObservedCall, ObservedMethod } from '../calls/recording/call-observer.js';
import type { MethodObserver } from '../calls/recording/call-recorder.js';
import { observerFailed } from './errors.js';

const observing = new WeakMap<MetricsRegistry, Set<CallObserver>>();

/**
 * Observes the calls of all methods that are wired in a registry from now on: call it before anything is instrumented. In an application, use
 * `callObservers` instead.
 * @returns a function that ends it; methods that are wired already pay for it until then
 */
export function observeCalls(registry: MetricsRegistry, observer: CallObserver): () => void {
  const observers = observing.get(registry) ?? new Set();
  observing.set(registry, observers.add(observer));
  return () => void observers.delete(observer);
}

/** Returns what tells the observers of a registry of the calls of one method. */
export function callObserversOf(registry: MetricsRegistry, method: ObservedMethod): readonly MethodObserver[] {
  const observers = observing.get(registry) ?? new Set();
  return [...observers].flatMap((observer) => methodObserver(observer, { registry, method, isOn: () => observers.has(observer) }) ?? []);
}

interface ObserverPlace {
  readonly registry: MetricsRegistry;
  readonly method: ObservedMethod;
  readonly isOn: () => boolean;
}

/** Returns what tells an observer of the calls of one method; undefined if it leaves them out. */
export function methodObserver(observer: CallObserver, place: ObserverPlace): MethodObserver | undefined {
  const told = new ContainedObserver(observer, place);
  return told.observes() ? told.asMethodObserver() : undefined;
}

/** Observers that have thrown; that was reported. */
const failed = new WeakSet<CallObserver>();

class ContainedObserver {
  readonly #observer: CallObserver;
  readonly #place: ObserverPlace;
  /** A call without arguments, which is the same each time. */
  readonly #call: ObservedCall;

  constructor(observer: CallObserver, place: ObserverPlace) {
    const { component, method } = place.method;
    this.#observer = observer;
    this.#place = place;
    this.#call = Object.freeze({ component, method, args: undefined });
  }

  observes(): boolean {
    let isObserved = true;
    this.#tell('observes', () => {
      isObserved = this.#observer.observes?.({ component: this.#call.component, method: this.#call.method }) ?? true;
    });
    return isObserved;
  }

  asMethodObserver(): MethodObserver {
    const observer = this.#observer;
    const { wantsArguments = false } = observer;
    return {
      wantsErrors: observer.error !== undefined,
      ...(observer.began !== undefined && { began: (args) => this.#tell('began', () => observer.began?.(this.#callWith(args))) }),
      ...(wantsArguments
        ? {
            endedCall: (nanoseconds, { args, status, error }) => this.#ended(args, { nanoseconds, hasFailed: status === 'failure', error }),
          }
        : { ended: (nanoseconds, hasFailed, error) => this.#ended(undefined, { nanoseconds, hasFailed, error }) }),
    };
  }

  #callWith(args: readonly unknown[] | undefined): ObservedCall {
    return args === undefined || this.#observer.wantsArguments !== true ? this.#call : { ...this.#call, args };
  }

  #ended(
    args: readonly unknown[] | undefined,
    { nanoseconds, hasFailed, error }: { readonly nanoseconds: number; readonly hasFailed: boolean; readonly error: unknown },
  ): void {
    const observer = this.#observer;
    const status = hasFailed ? 'failure' : 'success';
    const call: CompletedCall = { ...this.#callWith(args), durationSeconds: nanoseconds * 1e-9, status, error };
    if (hasFailed && observer.error !== undefined) this.#tell('error', () => observer.error?.(call));
    if (observer.ended !== undefined) this.#tell('ended', () => observer.ended?.(call));
  }

  #tell(what: string, tell: () => unknown): void {
    // An observer that makes measured calls would be told of them without an end.
    if (telling.has(this.#observer) || !this.#place.isOn()) return;
    telling.add(this.#observer);
    try {
      const returned: unknown = tell();
      if (types.isPromise(returned)) then.call(returned, undefined, (error: unknown) => this.#report(what, error));
    } catch (error) {
      this.#report(what, error);
    } finally {
      telling.delete(this.#observer);
    }
  }

  #report(what: string, error: unknown): void {
    if (failed.has(this.#observer)) return;
    failed.add(this.#observer);
    this.#place.registry.report(observerFailed({ ...this.#place.method, what }, error));
  }
}

/** The observers that are being told of a call. */
const telling = new WeakSet<CallObserver>();

// As it is when this is loaded.
const { then } = Promise.prototype;
