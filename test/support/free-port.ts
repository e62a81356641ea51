/** A TCP port on the loopback that nobody listens on. */
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Lets the kernel choose a port, and gives it back: another process may take it before its user does, which is rare. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error(`no TCP address: ${address}`);
  return address.port;
}
