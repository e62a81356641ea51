/** The server with two workers that is put under load: bare Fastify with Node's cluster, or an application with `server.workers`. Sends `ready` when both listen. */
import cluster from 'node:cluster';
import { fastify } from 'fastify';
import { Application, Controller, type Extension, Get, Instrumented, Param, runApplication } from 'tsukimi';

const WORKERS = 2;
const [, , kind = 'bare', port = '0'] = process.argv;

if (kind === 'tsukimi') await runOurs();
else if (cluster.isPrimary) runBarePrimary();
else await runBareWorker();

function runBarePrimary(): void {
  let listening = 0;
  cluster.on('listening', () => {
    listening += 1;
    if (listening === WORKERS) process.send?.('ready');
  });
  for (let count = 0; count < WORKERS; count += 1) cluster.fork();
  process.on('disconnect', () => process.exit());
}

async function runBareWorker(): Promise<void> {
  const app = fastify();
  app.get<{ Params: { id: string } }>('/orders/:id', async (request) => ({ id: Number(request.params.id), amount: 12.5 }));
  await app.listen({ port: Number(port), host: '127.0.0.1' });
}

async function runOurs(): Promise<void> {
  @Controller('/orders')
  class Orders {
    @Get('/:id')
    async byId(@Param('id') id: number): Promise<object> {
      return { id, amount: 12.5 };
    }
  }

  @Instrumented()
  @Application({ components: [Orders] })
  class Shop {}

  const watch = (): Extension => ({
    name: 'watch',
    primary({ workers }) {
      let ready = 0;
      workers.onReady(() => {
        ready += 1;
        if (ready === WORKERS) process.send?.('ready');
      });
      process.on('disconnect', () => process.exit());
    },
  });
  const configuration = { server: { port: Number(port), workers: WORKERS }, logging: { level: 'warn' } };
  await runApplication(Shop, { configuration, extensions: [watch] });
}
