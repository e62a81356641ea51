/** Starts the API: `node dist/main.js [--port 8001] [--metrics-port 9464]`. */
import { parseArgs } from 'node:util';
import { createCarsServer } from './server.js';

const { values } = parseArgs({ options: { port: { type: 'string', default: '8001' }, 'metrics-port': { type: 'string' } } });
const metricsPort = values['metrics-port'];

const server = await createCarsServer({ metricsPort: metricsPort === undefined ? undefined : Number(metricsPort) });
const url = await server.listen({ host: '127.0.0.1', port: Number(values.port) });

console.log(`
The cars API is running; Ctrl-C stops it.

  cars       ${url}/cars
  metrics    ${server.metricsOrigin}/metrics              JSON, for people
  scrape     ${server.metricsOrigin}/metrics/prometheus   text, for Prometheus
`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close());
