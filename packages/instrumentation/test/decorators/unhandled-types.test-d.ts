/** What the compiler takes for `unhandled`: checked by tsc, never run. */
import { Instrumented, type InstrumentedOptions, type InstrumentOptions, instrument, type Unhandled } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';

const registry = new MetricsRegistry();
for (const unhandled of ['keep', 'contain'] as const satisfies readonly Unhandled[]) {
  instrument({}, { registry, unhandled });
  Instrumented({ unhandled });
}
// @ts-expect-error There is no third way.
instrument({}, { registry, unhandled: 'ignore' });
// @ts-expect-error As above.
Instrumented({ unhandled: true });
const options: Pick<InstrumentOptions & InstrumentedOptions, 'unhandled'> = {};
options.unhandled satisfies Unhandled | undefined;
