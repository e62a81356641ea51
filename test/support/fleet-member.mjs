// One instance of a fleet: a task that runs until it is aborted, and tells its parent what happens. The store is chosen by the first argument.
import cluster from 'node:cluster';
import { Application, runApplication, Scheduled, Service } from '@tsukimi/core';
import { postgresLeases } from '@tsukimi/postgres';
import { redisLeases } from '@tsukimi/redis';
import pg from 'pg';

const [, , kind, url] = process.argv;
// In one of several workers, the parent is the primary: the test reads the output instead.
const tell = cluster.isWorker
  ? (told) => process.stdout.write(`${JSON.stringify({ ...told, pid: process.pid })}\n`)
  : (told) => process.send(told);

class Reports {
  async send({ signal, token }) {
    tell({ began: token });
    await new Promise((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', resolve, { once: true });
    });
    tell({ aborted: token });
  }
}
Scheduled({ fixedRate: 50, once: 'fleet', leaseMs: 6000, name: 'send' })(
  Reports.prototype,
  'send',
  Object.getOwnPropertyDescriptor(Reports.prototype, 'send'),
);
Service()(Reports);

class Fleet {}
Application({
  name: 'fleet',
  components: [Reports],
  extensions: [kind === 'redis' ? redisLeases() : postgresLeases({ pool: new pg.Pool({ connectionString: url, max: 2 }) })],
})(Fleet);

const configuration = { server: { port: 0 }, ...(kind === 'redis' && { redis: { url } }) };
const application = await runApplication(Fleet, { configuration, logger: false });
if (cluster.isPrimary) {
  process.on('message', () => tell({ leases: application.scheduler.leases }));
  // A test that ends must not leave it behind.
  process.once('disconnect', () => process.exit());
}
