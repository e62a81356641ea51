/** The server that is put under load: the same three layers, bare or measured. Answers `cpu` with the CPU time it has used, in microseconds. */
import fastify, { type FastifyInstance } from 'fastify';
import { defineRequestLabels, type HttpInstrumentationOptions, httpInstrumentation, instrument, MetricsRegistry } from 'tsukimi';

class OrderRepository {
  async find(id: number): Promise<{ id: number; amount: number }> {
    return { id, amount: 12.5 };
  }
}

class OrderService {
  constructor(private readonly orders: OrderRepository) {}
  find(id: number): Promise<object> {
    return this.orders.find(id);
  }
}

class OrderController {
  constructor(private readonly service: OrderService) {}
  byId(id: string): Promise<object> {
    return this.service.find(Number(id));
  }
}

/** What is measured, by the server's kind. */
const OPTIONS: Readonly<Record<string, Omit<HttpInstrumentationOptions, 'registry'>>> = {
  tsukimi: {},
  'left-out': {},
  sizes: { sizes: true },
  'status-class': { labels: ['status_class'] },
  'request-labels': {
    requestLabels: defineRequestLabels({
      labelValues: { tenant: ['moon', 'sun'] },
      labels: ({ headers }) => ({ tenant: headers['x-tenant'] === 'moon' ? 'moon' : 'sun' }),
    }),
  },
};

const app = fastify();
const kind = process.argv[2] ?? 'bare';
const measured = await measure(kind, app);
const orders = measured(new OrderRepository());
const service = measured(new OrderService(orders));
const controller = measured(new OrderController(service));
app.get<{ Params: { id: string } }>('/orders/:id', { config: { metrics: kind !== 'left-out' } }, (request) =>
  controller.byId(request.params.id),
);
await app.listen({ port: 0, host: '127.0.0.1' });

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.(user + system);
});
process.on('disconnect', () => process.exit());
process.send?.((app.server.address() as { port: number }).port);

async function measure(form: string, server: FastifyInstance): Promise<<T extends object>(component: T) => T> {
  const options = OPTIONS[form];
  if (options !== undefined) {
    const registry = new MetricsRegistry();
    await server.register(httpInstrumentation, { registry, ...options });
    return (component) => instrument(component, { registry });
  }
  if (form === 'fastify-metrics') {
    const { default: fastifyMetrics } = await import('fastify-metrics');
    await server.register(fastifyMetrics.default, { endpoint: '/metrics' });
  }
  return (component) => component;
}
