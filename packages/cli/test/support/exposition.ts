/** A server that answers as an application's metrics endpoint does. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Slo } from '@tsukimi/instrumentation';
import { Application, createApplication, InstrumentationProvider, Instrumented, Service } from 'tsukimi';
import { onTestFinished } from 'vitest';

@Slo({ objective: 99.5, latencyMs: 100 })
@Service()
class TeaService {
  constructor(instrumentation: InstrumentationProvider) {
    instrumentation.counter({ name: 'teas_poured_total', help: 'Cups of tea.', labelNames: ['kind'] }).inc({ kind: 'green' }, 3);
  }
  pour(): string {
    return 'green';
  }
}

@Instrumented()
@Application({ components: [TeaService] })
class TeaApplication {}

/** Starts an application with a metric and an objective of its own; gives `127.0.0.1:<port>`. */
export async function startTeaApplication(): Promise<string> {
  const configuration = { server: { port: 0 } };
  const application = await createApplication(TeaApplication, { configuration, logger: false });
  onTestFinished(() => application.close());
  application.resolve(TeaService).pour();
  await application.listen();
  return new URL(application.fastify.listeningOrigin).host;
}

/** Starts a server that answers everything with this; gives `127.0.0.1:<port>`. */
export async function startAnswering(status: number, type: string, body: string): Promise<string> {
  const server = createServer((_request, response) => response.writeHead(status, { 'content-type': type }).end(body)).listen(
    0,
    '127.0.0.1',
  );
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
