/** The failures of one method by the class of their error. Made with the first failure: a method that never fails has none of it. */
import type { Counter, MetricsRegistry } from '@tsukimi/metrics';
import { CATALOGUE } from '../../catalogue.js';
import { errorClassName } from '../../error-class-name.js';
import { Kept, reporting } from '../../kept-series.js';
import { CountedValues } from '../../labels/bounds.js';
import { noteFailure } from '../../last-errors.js';
import { type Count, ownCount } from '../../own-counts.js';

/** Classes of errors of one method; the failures by others are `__other__`. */
const MOST_CLASSES = 20;

/** The label value for errors that were not caught, and whose class is therefore unknown. */
const UNSEEN = '__unseen__';

interface FailingMethod {
  readonly component: string;
  readonly method: string;
}

export class FailuresByError {
  readonly #classes = new CountedValues(MOST_CLASSES);
  readonly #counts = new Map<string, Kept<Count>>();

  constructor(
    private readonly registry: MetricsRegistry,
    private readonly of: FailingMethod,
  ) {}

  add(thrown: unknown): void {
    noteFailure(this.registry, { ...this.of, thrown });
    this.#add(this.#classes.admit(errorClassName(thrown)));
  }

  addUnseen(): void {
    this.#add(UNSEEN);
  }

  /** Failures by the class of their error. */
  get counts(): Readonly<Record<string, number>> {
    const counted = [...this.#counts].map(([error, { known }]) => [error, known?.value ?? 0] as const);
    return Object.fromEntries(counted.filter(([, count]) => count > 0));
  }

  #add(error: string): void {
    const known = this.#counts.get(error) ?? this.#open(error);
    known?.now?.add(1);
  }

  #open(error: string): Kept<Count> | undefined {
    const { registry, of } = this;
    const failures = (): Counter<'component' | 'method' | 'error'> => registry.counter(CATALOGUE.componentFailures);
    const kept = reporting(registry, () => new Kept(registry, (holder) => ownCount(failures().labels({ ...of, error }), holder)));
    if (kept !== undefined) this.#counts.set(error, kept);
    return kept;
  }
}
