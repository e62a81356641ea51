/** Tells the observers of an application of its calls, and contains what they throw. */
import { types } from 'node:util';
import type { MetricsRegistry } from '@tsukimi/metrics';
import type { CallObserver, CompletedCall, ObservedCall, ObservedMethod } from '../calls/recording/call-observer.js';
import type { MethodObserver } from '../calls/recording/call-recorder.js';
import { observerFailed } from './errors.js';

/** An observer from when it is added until it is taken away. */
interface Subscription {
  readonly observer: CallObserver;
  isOn: boolean;
}

const observing = new WeakMap<MetricsRegistry, Set<Subscription>>();

/**
 * Observes the calls of all methods that are wired in a registry from now on: call it before anything is instrumented. In an application, use
 * `callObservers` instead.
 * @returns a function that ends it; methods that are wired already keep a small cost
 */
export function observeCalls(registry: MetricsRegistry, observer: CallObserver): () => void {
  const subscriptions = observing.get(registry) ?? new Set();
  const subscription: Subscription = { observer, isOn: true };
  observing.set(registry, subscriptions.add(subscription));
  return () => {
    subscription.isOn = false;
    subscriptions.delete(subscription);
  };
}

/** Returns what tells the observers of a registry of the calls of one method. */
export function callObserversOf(registry: MetricsRegistry, method: ObservedMethod): readonly MethodObserver[] {
  return [...(observing.get(registry) ?? [])].flatMap((subscription) => methodObserver(subscription, registry, method) ?? []);
}

/** Returns what tells an observer of the calls of one method; undefined if it leaves them out. */
export function methodObserver(
  subscription: Readonly<Subscription>,
  registry: MetricsRegistry,
  method: ObservedMethod,
): MethodObserver | undefined {
  const told = new ToldObserver(subscription, registry, method);
  return told.observes() ? told.asMethodObserver() : undefined;
}

/** The state of one observer, for all methods. */
interface ObserverState {
  /** Whether it is being told of a call. An observer that makes measured calls would be told of them without an end. */
  isTelling: boolean;
  hasFailed: boolean;
}

const states = new WeakMap<CallObserver, ObserverState>();

function stateOf(observer: CallObserver): ObserverState {
  const state = states.get(observer) ?? { isTelling: false, hasFailed: false };
  states.set(observer, state);
  return state;
}

// As it is when this is loaded.
const { then } = Promise.prototype;

/** Tells one observer of the calls of one method. Members are `private`, not `#`, because each call of a `#` method has a check. */
class ToldObserver {
  private readonly observer: CallObserver;
  private readonly state: ObserverState;
  private readonly component: string;
  private readonly method: string;
  /** A call without arguments, which is the same each time. */
  private readonly call: ObservedCall;

  constructor(
    private readonly subscription: Readonly<Subscription>,
    private readonly registry: MetricsRegistry,
    { component, method }: ObservedMethod,
  ) {
    this.observer = subscription.observer;
    this.state = stateOf(this.observer);
    this.component = component;
    this.method = method;
    this.call = Object.freeze({ component, method, args: undefined });
  }

  observes(): boolean {
    const { component, method } = this;
    try {
      return this.observer.observes?.({ component, method }) ?? true;
    } catch (error) {
      this.report('observes', error);
      return true;
    }
  }

  asMethodObserver(): MethodObserver {
    const { observer } = this;
    const wantsArguments = observer.wantsArguments === true;
    const ends = observer.ended !== undefined || observer.error !== undefined;
    return {
      wantsErrors: observer.error !== undefined,
      ...(observer.began !== undefined && { began: (args) => this.tellBegin(args) }),
      // Also if no end is told: a call keeps its arguments for this.
      ...(wantsArguments && {
        endedCall: (time, { args, status, error }) => this.tellEnd(args, time, { hasFailed: status === 'failure', error }),
      }),
      ...(ends && !wantsArguments && { ended: (time, hasFailed, error) => this.tellEnd(undefined, time, { hasFailed, error }) }),
    };
  }

  private tellBegin(args: readonly unknown[] | undefined): void {
    const { component, method, observer } = this;
    const call = args === undefined || observer.wantsArguments !== true ? this.call : { component, method, args };
    this.tell('began', call as CompletedCall);
  }

  private tellEnd(
    args: readonly unknown[] | undefined,
    nanoseconds: number,
    { hasFailed, error }: { readonly hasFailed: boolean; readonly error: unknown },
  ): void {
    const { component, method } = this;
    const status = hasFailed ? 'failure' : 'success';
    const call: CompletedCall = { component, method, args, durationSeconds: nanoseconds * 1e-9, status, error };
    if (hasFailed) this.tell('error', call);
    this.tell('ended', call);
  }

  private tell(what: 'began' | 'error' | 'ended', call: CompletedCall): void {
    const { observer, state } = this;
    if (state.isTelling || !this.subscription.isOn || observer[what] === undefined) return;
    state.isTelling = true;
    try {
      const returned: unknown = observer[what](call);
      if (returned !== undefined && types.isPromise(returned)) then.call(returned, undefined, (error: unknown) => this.report(what, error));
    } catch (error) {
      this.report(what, error);
    } finally {
      state.isTelling = false;
    }
  }

  private report(what: string, error: unknown): void {
    const { component, method, state } = this;
    if (state.hasFailed) return;
    state.hasFailed = true;
    this.registry.report(observerFailed({ component, method, what }, error));
  }
}
