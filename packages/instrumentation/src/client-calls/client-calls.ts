/** Where the calls to other systems that belong to a registry are told of: outgoing HTTP requests and queries are published here, and tracing observes them. */
import type { MetricsRegistry } from '@tsukimi/metrics';
import type { ClientCall, ClientCallObserver, ClientCallStart, EndedClientCall, FollowedClientCall } from './client-call.js';
import { observerFailed } from './errors.js';

const known = new WeakMap<MetricsRegistry, ClientCalls>();

/** Returns where the calls of a registry are told of. */
export function clientCallsOf(registry: MetricsRegistry): ClientCalls {
  let calls = known.get(registry);
  if (calls === undefined) {
    calls = new ClientCalls(registry);
    known.set(registry, calls);
  }
  return calls;
}

/**
 * Lets an observer see the calls to other systems that are measured in a registry: queries of instrumented pools and, while `measureHttpClient` or
 * `followHttpClient` is on for the registry, outgoing HTTP requests. An observer that throws does not affect the call, and is reported once.
 * @returns `stop`, after which the observer sees no new calls
 */
export function observeClientCalls(registry: MetricsRegistry, observer: ClientCallObserver): { stop(): void } {
  return clientCallsOf(registry).observe(observer);
}

const NOW: ClientCallStart = { elapsedSeconds: 0 };

/** The calls of one registry. */
export class ClientCalls {
  #observers: readonly ContainedObserver[] = [];

  constructor(private readonly registry: MetricsRegistry) {}

  /** Whether somebody observes; to be asked before anything is prepared. */
  get isObserved(): boolean {
    return this.#observers.length > 0;
  }

  observe(observer: ClientCallObserver): { stop(): void } {
    const contained = new ContainedObserver(observer, this.registry);
    this.#observers = [...this.#observers, contained];
    return {
      stop: () => {
        this.#observers = this.#observers.filter((each) => each !== contained);
      },
    };
  }

  /** Tells of a call that begins. Never throws, and neither does what is returned. */
  began(call: ClientCall, start: ClientCallStart = NOW): FollowedClientCall | undefined {
    const followed = this.#observers.flatMap((observer) => observer.began(call, start) ?? []);
    return followed.length < 2 ? followed[0] : new FollowedByMany(followed);
  }
}

/** Keeps what an observer throws away from calls. */
class ContainedObserver {
  #isReported = false;

  constructor(
    private readonly observer: ClientCallObserver,
    private readonly registry: MetricsRegistry,
  ) {}

  began(call: ClientCall, start: ClientCallStart): FollowedClientCall | undefined {
    const followed = this.try(() => this.observer.began(call, start));
    return followed === undefined || followed === null ? undefined : new ContainedCall(followed, this);
  }

  try<R>(act: () => R): R | undefined {
    try {
      return act();
    } catch (error) {
      if (!this.#isReported) this.registry.report(observerFailed(error));
      this.#isReported = true;
      return undefined;
    }
  }
}

class ContainedCall implements FollowedClientCall {
  constructor(
    private readonly followed: FollowedClientCall,
    private readonly observer: ContainedObserver,
  ) {}

  headers(): Readonly<Record<string, string>> {
    return this.observer.try(() => this.followed.headers?.()) ?? {};
  }

  answered(statusCode: number): void {
    this.observer.try(() => this.followed.answered?.(statusCode));
  }

  ended(end: EndedClientCall): void {
    this.observer.try(() => this.followed.ended(end));
  }
}

class FollowedByMany implements FollowedClientCall {
  constructor(private readonly all: readonly FollowedClientCall[]) {}

  headers(): Readonly<Record<string, string>> {
    return Object.assign({}, ...this.all.map((each) => each.headers?.()));
  }

  answered(statusCode: number): void {
    for (const each of this.all) each.answered?.(statusCode);
  }

  ended(end: EndedClientCall): void {
    for (const each of this.all) each.ended(end);
  }
}
