/** Creates the totals of a metric. */
import type { InstrumentFactory } from '../../exposition/kinds/kind.js';
import { Counter } from '../../instruments/counter.js';
import { Gauge } from '../../instruments/gauge.js';
import { Histogram } from '../../instruments/histogram.js';
import { Info } from '../../instruments/info.js';
import { StateSet } from '../../instruments/state-set.js';
import { Summary } from '../../instruments/summary.js';
import type { FamilyDefinition } from '../changes.js';
import { CounterTotal } from './counter-total.js';
import { GaugeTotal, withWorker } from './gauge-total.js';
import { HistogramTotal } from './histogram-total.js';
import { InfoTotal, StateSetTotal } from './latest-totals.js';
import { SummaryTotal } from './summary-total.js';
import type { TotalKind } from './total-kind.js';

/**
 * Returns the totals of a metric, in a metric of the registry, which is created if it does not exist.
 * @throws the errors of creating a metric
 */
export function totalOf(factory: InstrumentFactory, definition: FamilyDefinition): TotalKind {
  const { name, help, type, labelNames } = definition;
  const existing = factory.getSingleMetric(name);
  const common = { name, help, labelNames, ...(definition.unit !== undefined && { unit: definition.unit }) };
  switch (type) {
    case 'counter':
      return new CounterTotal(existing instanceof Counter ? existing : factory.counter(common));
    case 'gauge': {
      const { aggregator = 'sum' } = definition;
      const options = { ...common, labelNames: withWorker(definition, aggregator).labelNames, aggregator };
      return new GaugeTotal(existing instanceof Gauge ? existing : factory.gauge(options), definition);
    }
    case 'histogram': {
      const { bounds, native, maxNativeBuckets } = definition;
      const options = {
        ...common,
        ...(bounds && { buckets: bounds }),
        ...(native !== undefined && { native }),
        ...(maxNativeBuckets && { maxNativeBuckets }),
      };
      return new HistogramTotal(existing instanceof Histogram ? existing : factory.histogram(options));
    }
    case 'summary': {
      const { quantiles = [], maxAgeSeconds = 600, ageBuckets = 5 } = definition;
      return new SummaryTotal(
        existing instanceof Summary ? existing : factory.summary({ ...common, quantiles, maxAgeSeconds, ageBuckets }),
      );
    }
    case 'info':
      return new InfoTotal(existing instanceof Info ? existing : factory.info({ name, help, labelNames }));
    case 'stateset':
      return new StateSetTotal(
        existing instanceof StateSet ? existing : factory.stateSet({ name, help, labelNames, states: definition.states ?? [] }),
      );
  }
}
