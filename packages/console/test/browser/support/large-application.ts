/** The live page of an application of any size, whose time is told to it. */
import { addMetricsEndpoint, CATALOGUE, httpInstrumentation, type LastCalls } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { fastify } from 'fastify';
import { makeLivePage } from '../../../src/live-page.js';

export interface Size {
  readonly routes: number;
  readonly methods: number;
  /** Of a gauge of its own. */
  readonly others: number;
}

/** 500 routes, 1,000 methods and 5,000 series. */
export const LARGE: Size = { routes: 500, methods: 1000, others: 1000 };

export interface SimulatedApplication {
  /** The address of the page. */
  readonly page: string;
  /** A second in which each route was requested and each method called once more; then a sample. */
  second(): Promise<void>;
  close(): Promise<void>;
}

export async function simulate(
  { routes, methods, others }: Size,
  options: { readonly maxBytes?: number } = {},
): Promise<SimulatedApplication> {
  const registry = new MetricsRegistry();
  const server = fastify();
  let now = 1_800_000_000;
  const page = makeLivePage(
    {
      registry,
      logger: server.log,
      application: { name: 'large', version: '1.0.0' },
      isMeasuring: true,
      tasks: undefined,
      settings: undefined,
      profile: undefined,
      canProfile: () => false,
      kindOf: () => 'service',
      errors: undefined,
      lastCalls: () => lastCallsAt(new Date(now * 1000), { routes, methods }),
    },
    { ...options, clock: () => now },
  );
  addMetricsEndpoint(registry, page.endpoint);
  await server.register(httpInstrumentation, { registry, processMetrics: false });
  const requests = registry.counter(CATALOGUE.httpRequests);
  const durations = registry.histogram(CATALOGUE.httpRequestDuration);
  const calls = registry.counter(CATALOGUE.componentCalls);
  const callDurations = registry.histogram(CATALOGUE.componentDuration);
  const gauge = registry.gauge({ name: 'moon_phase_ratio', help: 'Of each moon.', labelNames: ['moon'] });
  let turn = 0;
  const work = [
    ...each(routes, (index) => {
      const labels = routeAt(index);
      const [all, duration] = [requests.labels({ ...labels, status: '200' }), durations.labels(labels)];
      return () => {
        all.inc(1 + (index % 7));
        duration.record(0.001 * (1 + ((index * 31 + turn * 17) % 97)));
      };
    }),
    ...each(methods, (index) => {
      const labels = methodAt(index);
      const [all, duration] = [calls.labels({ ...labels, status: 'success' }), callDurations.labels(labels)];
      calls.labels({ ...labels, status: 'failure' });
      return () => {
        all.inc(1 + (index % 5));
        duration.record(0.0001 * (1 + ((index * 13 + turn * 7) % 89)));
      };
    }),
    ...each(others, (index) => {
      const series = gauge.labels({ moon: `moon-${index}` });
      return () => series.set(((index + turn) % 100) / 100);
    }),
  ];
  await page.sample();
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  return {
    page: `${url}/metrics/ui/`,
    async second() {
      turn += 1;
      now += 1;
      for (const run of work) run();
      await page.sample();
    },
    async close() {
      page.stop();
      await server.close();
    },
  };
}

function each<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

function routeAt(index: number) {
  return { method: 'GET', path: `/api/area-${index % 20}/things-${index}/:id` };
}

function methodAt(index: number) {
  return { component: `Component${index % 100}`, method: `method${index}` };
}

/** All of them in the last second. */
function lastCallsAt(at: Date, { routes, methods }: Pick<Size, 'routes' | 'methods'>): LastCalls {
  return {
    endpoints: each(routes, (index) => ({ ...routeAt(index), at })),
    methods: each(methods, (index) => ({ ...methodAt(index), at })),
  };
}
