/** Keeps the request context inside OpenTelemetry's active context, so that one `AsyncLocalStorage` serves both. */
import { type Context, context, createContextKey, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';
import { type ContextStorage, replaceContextStorage, type SpanIds } from '@tsukimi/core';
import { idsOf } from './span-ids.js';
import { openContextIn, withOpenContext } from './traced-context.js';

/** Returns OpenTelemetry's context of the running code. */
export function activeContext(): Context {
  return held?.manager === undefined ? context.active() : held.manager.active();
}

/** Whether headers are read by the propagators that `holdActiveContext` registered, and not by those of the program. */
export function hasOwnPropagators(): boolean {
  return held?.hasPropagator === true;
}

const PROBE = createContextKey('tsukimi.probe');

const storage: ContextStorage = {
  get: () => openContextIn(activeContext()),
  run(open, act) {
    return context.with((open.carried as Context | undefined) ?? withOpenContext(activeContext(), open), act);
  },
  activeSpan(): SpanIds | undefined {
    const span = trace.getSpan(activeContext())?.spanContext();
    return span === undefined || span.isRemote === true ? undefined : idsOf(span);
  },
};

/** What was registered in the process, and by how many it is needed. */
interface Held {
  holders: number;
  /** Ours, unless another one was there. */
  readonly manager: AsyncLocalStorageContextManager | undefined;
  readonly restoreStorage: () => void;
  readonly hasPropagator: boolean;
}

let held: Held | undefined;

/**
 * Registers a context manager and the propagators of W3C with OpenTelemetry's API, unless the process has some, and keeps the request context in there.
 * @returns a function that undoes it, when nobody else needs it
 */
export function holdActiveContext(): () => void {
  held ??= register();
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

function register(): Held {
  const manager = hasContextManager() ? undefined : new AsyncLocalStorageContextManager().enable();
  if (manager !== undefined) context.setGlobalContextManager(manager);
  const hasPropagator = propagation.fields().length === 0;
  if (hasPropagator)
    propagation.setGlobalPropagator(
      new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()] }),
    );
  return { holders: 0, manager, hasPropagator, restoreStorage: replaceContextStorage(storage) };
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
