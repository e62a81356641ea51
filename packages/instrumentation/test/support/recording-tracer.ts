/** A tracer that keeps its spans, with an `AsyncLocalStorage` of its own for the active one. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { CallSpan, CallTracer, SpanOutcome, StartCallSpan, TracedMethod } from '@tsukimi/instrumentation';

export interface Recorded {
  readonly name: string;
  readonly parent: string | undefined;
  readonly outcome: SpanOutcome;
}

export class RecordingTracer implements CallTracer {
  readonly ended: Recorded[] = [];
  readonly methods: TracedMethod[] = [];
  /** Whether calls have spans. */
  isSampled = true;
  readonly #active = new AsyncLocalStorage<string>();
  #spans = 0;

  /** The span of the running code. */
  get active(): string | undefined {
    return this.#active.getStore();
  }

  trace(method: TracedMethod): StartCallSpan {
    this.methods.push(method);
    const name = `${method.component}.${method.method}`;
    return () => (this.isSampled ? this.#start(name) : undefined);
  }

  /** The ended spans as `parent > name`, in the order of their ends. */
  get tree(): string[] {
    return this.ended.map(({ name, parent, outcome }) => `${parent ?? '-'} > ${name}${outcome.hasFailed ? ' failed' : ''}`);
  }

  #start(name: string): CallSpan {
    const parent = this.active;
    this.#spans += 1;
    const ids = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: this.#spans.toString(16).padStart(16, '0'), isSampled: true };
    return {
      ids,
      run: (act) => this.#active.run(name, act),
      ended: (outcome) => {
        this.ended.push({ name, parent, outcome });
      },
    };
  }
}
