/** State sets: one sample for each state, which is 1 for the current state. */
import { invalidStates, unknownState } from '../errors.js';
import { labelsOf } from '../label-sets.js';
import { MAX_LABEL_VALUE_LENGTH } from '../label-text.js';
import type { Labels, WithLabels } from '../label-types.js';
import { checkLabelNames } from '../names.js';
import { ownMethod } from './detached-methods.js';
import { type MetricOptions, type Series } from './instrument.js';
import { LabelledInstrument } from './labelled-instrument.js';
import type { Aggregator, Sample } from './metric-object.js';

export interface StateSetOptions<S extends string, L extends string = never> extends Omit<MetricOptions<L>, 'unit'> {
  /** All states; use only a few. */
  readonly states: readonly S[];
  /** Called at each scrape, before the state is read, and may set it. If it fails, the error is logged and the metric is missing from that scrape. */
  readonly collect?: (this: StateSet<S, L>) => unknown;
}

/** One label set of a state set. */
export class StateSetSeries<S extends string = string> implements Series {
  exposedLabels: string | undefined = undefined;
  #active: readonly S[] = [];

  constructor(
    public labelValues: readonly string[],
    private readonly stateSet: StateSet<S, string>,
  ) {}

  /** The current state; undefined until it is set. */
  get state(): S | undefined {
    return this.#active[0];
  }

  /** The states whose sample is 1: the current one, or, in a merged registry, one for each process. */
  get active(): readonly S[] {
    return this.#active;
  }

  /**
   * Sets the state.
   * @throws TSK_ERR_METRIC_STATE if the metric does not have the state
   */
  get set(): (state: S) => void {
    return ownMethod(this, 'set', (state: S) => this.enter(state));
  }

  /** @internal The implementation of `set`, which needs no closure for each series. */
  enter(state: S): void {
    this.#active = [this.stateSet.checkedState(state)];
  }

  /** @internal Adds the states of another process. */
  addActive(states: readonly S[]): void {
    this.#active = [...new Set([...this.#active, ...states])];
  }

  reset(): void {
    this.#active = [];
  }
}

/**
 * The current one of a few known states: `application_state{application_state="running"} 1`, and 0 for the others.
 *
 * @see https://prometheus.io/docs/specs/om/open_metrics_spec/#stateset
 */
export class StateSet<S extends string = string, L extends string = never> extends LabelledInstrument<L, StateSetSeries<S>> {
  readonly type = 'stateset' as const;
  override readonly aggregator: Aggregator = 'max';
  readonly states: readonly S[];

  /**
   * @throws TSK_ERR_METRIC_STATES, TSK_ERR_METRIC_NAME, TSK_ERR_METRIC_LABEL_NAME, TSK_ERR_METRIC_NAME_TAKEN,
   * TSK_ERR_METRIC_NAME_OVERLAP
   */
  constructor(options: StateSetOptions<S, L>) {
    super(options);
    // The state is in a label with the name of the metric.
    checkLabelNames(options.name, [...(options.labelNames ?? []), options.name]);
    this.states = checkedStates(options.name, options.states);
    this.open(options.registers);
  }

  /**
   * Sets the state: `set('running')`, `set({ worker: '1' }, 'running')`. Unknown labels are rejected, counted and logged once.
   * @throws TSK_ERR_METRIC_STATE if the metric does not have the state
   */
  set(...args: WithLabels<L, [state: S]>): void;
  set(labels: Labels<string> | S, state?: S): void {
    if (typeof labels !== 'object' || labels === null) this.unlabelled.enter((labels ?? state ?? labels) as S);
    else this.#setLabelled(labels, state);
  }

  #setLabelled(labels: Labels<string>, state: unknown): void {
    // Before the look-up, so that an invalid state does not create a series.
    const checked = this.checkedState(state);
    this.seriesOf(labels)?.enter(checked);
  }

  /** @internal */
  checkedState(state: unknown): S {
    if (!this.states.includes(state as S)) throw unknownState(this.name, state, this.states);
    return state as S;
  }

  /** @internal */
  override get shapeDetails(): string {
    return ` with states ${this.states.join(', ')}`;
  }

  protected override get exportedType(): 'gauge' {
    return 'gauge';
  }

  protected createSeries(labelValues: readonly string[]): StateSetSeries<S> {
    return new StateSetSeries(labelValues, this as unknown as StateSet<S, string>);
  }

  protected samplesOf(series: StateSetSeries<S>): Sample[] {
    const labels = labelsOf(this.labelNames, series);
    return this.states.map((state) => ({ labels: { ...labels, [this.name]: state }, value: series.active.includes(state) ? 1 : 0 }));
  }
}

function checkedStates<S extends string>(name: string, states: readonly S[]): readonly S[] {
  if (!Array.isArray(states) || states.length === 0) throw invalidStates(name, states, 'are not a list of at least one');
  if (!states.every((state) => typeof state === 'string' && state !== '' && state.length <= MAX_LABEL_VALUE_LENGTH && state.isWellFormed()))
    throw invalidStates(name, states, 'are not all non-empty texts');
  if (new Set(states).size < states.length) throw invalidStates(name, states, 'contain a duplicate');
  return Object.freeze([...states]);
}
