/** Writes and merges state sets. */
import type { StateSet, StateSetSeries } from '../../instruments/state-set.js';
import { escapeLabelValue } from '../escape.js';
import { labelField } from '../messages/family-message.js';
import { writeGauge } from '../messages/values.js';
import type { Kind, MetricState } from './kind.js';
import { isText, listOr } from './snapshot-values.js';

export interface StateSetSnapshot extends MetricState {
  readonly type: 'stateset';
  readonly states: readonly string[];
  readonly series: readonly { readonly labels: readonly string[]; readonly active: readonly string[] }[];
}

export const stateSetKind: Kind<StateSet<string, string>, StateSetSeries, StateSetSnapshot> = {
  textType: 'gauge',

  lines({ name, states }) {
    const tails = states.map((state) => [state, `${name}="${escapeLabelValue(state)}"} `] as const);
    return ({ active }, labels, out) => {
      const head = labels === '' ? `${name}{` : `${name}{${labels},`;
      for (const [state, tail] of tails) out.text(`${head}${tail}${active.includes(state) ? 1 : 0}\n`);
    };
  },

  messages({ name, states }, family) {
    const fields = states.map((state) => [state, labelField(name, state)] as const);
    return ({ labelValues, active }) => {
      for (const [state, field] of fields) {
        const start = family.begin(labelValues, field);
        writeGauge(family.out, active.includes(state) ? 1 : 0);
        family.out.end(start);
      }
    };
  },

  shape: ({ states }) => ({ type: 'stateset', states }),

  point: ({ active }) => ({ active: [...active] }),

  mark: ({ active }) => active,

  snapshot(stateSet, head) {
    const series = stateSet.series.map(({ labelValues, active }) => ({ labels: [...labelValues], active: [...active] }));
    return { ...head, type: 'stateset', states: [...stateSet.states], series };
  },

  check(name, metric) {
    const states = listOr(metric.states, `${name} has no list of states`);
    return ({ active }) => Array.isArray(active) && active.every((state) => isText(state) && states.includes(state));
  },

  instrumentFor: (factory, metric) => factory.stateSet(metric),

  // If several processes are in different states, each of these states is 1.
  add({ instrument: stateSet, metric, valuesOf }) {
    for (const { labels, active } of metric.series) stateSet.seriesOfValues(valuesOf(labels)).addActive(active);
  },
};
