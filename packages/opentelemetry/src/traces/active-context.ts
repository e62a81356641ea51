/** Keeps the request context inside OpenTelemetry's active context, so that one `AsyncLocalStorage` serves both. */
import { type Context, context, createContextKey, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { type ContextStorage, replaceContextStorage, type SpanIds } from '@tsukimi/core';
import { choosePropagators, type PropagatorChoice } from './propagators.js';
import { idsOf } from './span-ids.js';
import { openContextIn, passedOnContext, withOpenContext } from './traced-context.js';

/** Returns OpenTelemetry's context of the running code. */
export function activeContext(): Context {
  return held?.manager === undefined ? context.active() : held.manager.active();
}

/** Whether `traceparent` is read by the propagator that `holdActiveContext` registered, and not by one of the program. */
export function readsTraceparent(): boolean {
  return held?.readsTraceparent === true;
}

const PROBE = createContextKey('tsukimi.probe');

const storage: ContextStorage = {
  get: () => openContextIn(activeContext()),
  run(open, act) {
    const within = (open.carried as Context | undefined) ?? withOpenContext(activeContext(), open);
    return held?.manager === undefined ? context.with(within, act) : held.manager.with(within, act);
  },
  activeSpan(): SpanIds | undefined {
    const span = trace.getSpan(activeContext())?.spanContext();
    return span === undefined || span.isRemote === true ? undefined : idsOf(span);
  },
  traceHeaders(): Readonly<Record<string, string>> {
    const headers: Record<string, string> = {};
    propagation.inject(passedOnContext(activeContext()), headers);
    return headers;
  },
};

/** What was registered in the process, and by how many it is needed. */
interface Held {
  holders: number;
  /** Ours, unless another one was there. */
  readonly manager: AsyncLocalStorageContextManager | undefined;
  readonly restoreStorage: () => void;
  readonly hasPropagator: boolean;
  readonly readsTraceparent: boolean;
}

let held: Held | undefined;

/**
 * Registers a context manager and propagators with OpenTelemetry's API, unless the process has some, and keeps the request context in there. Propagators
 * are those that the first caller wants.
 * @returns a function that undoes it, when nobody else needs it
 * @throws TSK_ERR_OPENTELEMETRY_OPTION if the propagators are unknown, and nothing is registered then
 */
export function holdActiveContext(propagators: PropagatorChoice): () => void {
  held ??= register(propagators);
  held.holders += 1;
  let isReleased = false;
  return () => {
    if (isReleased || held === undefined) return;
    isReleased = true;
    held.holders -= 1;
    if (held.holders > 0) return;
    unregister(held);
    held = undefined;
  };
}

function register(propagators: PropagatorChoice): Held {
  const { propagator, readsTraceparent } = choosePropagators(propagators);
  const manager = hasContextManager() ? undefined : new AsyncLocalStorageContextManager().enable();
  if (manager !== undefined) context.setGlobalContextManager(manager);
  const hasPropagator = propagator !== undefined && propagation.setGlobalPropagator(propagator);
  return { holders: 0, manager, hasPropagator, readsTraceparent, restoreStorage: replaceContextStorage(storage) };
}

/** A process without a context manager forgets what it is asked to keep. */
function hasContextManager(): boolean {
  const probe = context.active().setValue(PROBE, true);
  return context.with(probe, () => context.active() === probe);
}

function unregister({ manager, hasPropagator, restoreStorage }: Held): void {
  restoreStorage();
  if (hasPropagator) propagation.disable();
  if (manager !== undefined) context.disable();
}
