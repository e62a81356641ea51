/** Writes and merges infos. */
import type { Info, InfoSeries } from '../../instruments/info.js';
import { braced } from '../escape.js';
import { writeGauge } from '../messages/values.js';
import type { Kind, MetricState } from './kind.js';

export interface InfoSnapshot extends MetricState {
  readonly type: 'info';
}

export const infoKind: Kind<Info<string>, InfoSeries, InfoSnapshot> = {
  textType: 'gauge',

  lines:
    ({ name }) =>
    (_, labels, out) =>
      out.text(`${name}${braced(labels)} 1\n`),

  messages:
    (_, family) =>
    ({ labelValues }) => {
      const start = family.begin(labelValues);
      writeGauge(family.out, 1);
      family.out.end(start);
    },

  shape: () => ({ type: 'info' }),

  point: () => ({}),

  mark: () => 1,

  snapshot: (info, head) => ({ ...head, type: 'info', series: info.series.map(({ labelValues }) => ({ labels: [...labelValues] })) }),

  check: () => () => true,

  instrumentFor: (factory, metric) => factory.info(metric),

  // Processes of several versions may run at the same time, so all infos are exposed.
  add({ instrument: info, metric, valuesOf }) {
    for (const { labels } of metric.series) info.seriesOfValues(valuesOf(labels));
  },
};
