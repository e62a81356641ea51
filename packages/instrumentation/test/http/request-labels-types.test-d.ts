/** What the compiler takes for labels that depend on the request: checked by tsc, never run. */
import { defineRequestLabels, type HttpInstrumentationOptions, Instrumented } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';

const tenants = defineRequestLabels({
  labelValues: { tenant: { maxValues: 50 }, late: [true, false] },
  labels: (request, reply) => ({ tenant: request.hostname, late: reply.elapsedTime > 100 }),
});

export const options: HttpInstrumentationOptions = {
  registry: new MetricsRegistry(),
  requestLabels: tenants,
  exclude: ['/health/*', { method: 'OPTIONS' }, { unmatched: true }],
};

@Instrumented({ requestLabels: { labelValues: { tenant: {} }, labels: ({ ip }) => ({ tenant: ip }) } })
export class App {}

// @ts-expect-error A declared label is missing.
defineRequestLabels({ labelValues: { tenant: {}, late: [true, false] }, labels: () => ({ tenant: 'a' }) });

// @ts-expect-error The label is not declared.
defineRequestLabels({ labelValues: { tenant: {} }, labels: () => ({ tenant: 'a', late: true }) });

// @ts-expect-error A promise is no label value.
defineRequestLabels({ labelValues: { tenant: {} }, labels: async () => ({ tenant: 'a' }) });

// @ts-expect-error A header may be missing, or a list.
defineRequestLabels({ labelValues: { tenant: {} }, labels: ({ headers }) => ({ tenant: headers['x-tenant'] }) });

// @ts-expect-error The request has no such property.
defineRequestLabels({ labelValues: { tenant: {} }, labels: ({ tenant }) => ({ tenant }) });
