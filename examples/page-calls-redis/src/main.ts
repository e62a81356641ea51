/** Starts the app: `node dist/main.js [--port 8010] [--redis redis://localhost:6379]`. */
import { parseArgs } from 'node:util';
import { createApp } from './app.js';
import { measure } from './measure.js';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: process.env['PORT'] ?? '8010' },
    redis: { type: 'string', default: process.env['REDIS_URL'] ?? 'redis://localhost:6379' },
  },
});

const app = createApp({ logger: { level: 'warn' } });
await measure(app, { redisUrl: values.redis });
const url = await app.listen({ host: '127.0.0.1', port: Number(values.port) });

console.log(`
The app is running; Ctrl-C stops it.

  greet     ${url}/greet/Ann
  add       ${url}/add/2/3
  calls     ${url}/calls                  calls and last call of each page, from Redis
  metrics   ${url}/metrics?scope=fleet    the same and more, of all processes
`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void app.close());
