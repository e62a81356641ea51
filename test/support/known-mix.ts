/** A fixed set of requests to the demo: every route, every kind of mistake, and a client that gives up. */
import { once } from 'node:events';
import { connect } from 'node:net';

const ORDER = { user_id: 1, product_type: 'lamp', amount: 2.5, region: 'eu' };
const TSUKI = { username: 'tsuki', email: 'tsuki@example.com' };

type Send = (method: string, path: string, body?: unknown) => Promise<void>;

/** Sends the mix, one request after the other; the demo must be fresh. */
export async function sendKnownMix(url: string): Promise<void> {
  const send: Send = (method, path, body) => sendOne(url, { method, path, body });
  await users(send);
  await orders(send);
  await send('GET', '/nowhere');
  await send('GET', '/api/users/1/orders');
  await send('DELETE', '/api/users');
  await giveUp(url);
}

async function users(send: Send): Promise<void> {
  await send('POST', '/api/users', TSUKI);
  await send('POST', '/api/users', { ...TSUKI, username: 'hoshi' });
  await send('POST', '/api/users', TSUKI);
  await send('POST', '/api/users', { ...TSUKI, username: '' });
  await send('POST', '/api/users', '{"username":');
  await send('GET', '/api/users');
  await send('GET', '/api/users?page=2');
  await send('HEAD', '/api/users');
  for (let time = 0; time < 3; time++) await send('GET', '/api/users/1');
  await send('GET', '/api/users/99');
  await send('GET', '/api/users/abc');
}

async function orders(send: Send): Promise<void> {
  await send('GET', '/api/orders/revenue');
  for (let time = 0; time < 12; time++) await send('POST', '/api/orders', ORDER);
  await send('POST', '/api/orders', { ...ORDER, user_id: 99 });
  await send('POST', '/api/orders', { ...ORDER, amount: '2.5' });
  await send('GET', '/api/orders');
  await send('GET', '/api/orders');
  await send('GET', '/api/orders/user/1');
  await send('GET', '/api/orders/user/2');
  await send('GET', '/api/orders/user/99');
  await send('GET', '/api/orders/revenue');
}

async function sendOne(url: string, { method, path, body }: { method: string; path: string; body: unknown }): Promise<void> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const content = text === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: text };
  const response = await fetch(new URL(path, url), { method, ...content });
  await response.arrayBuffer();
}

/** Promises a body, sends a part of it, and hangs up once the demo has the request. */
async function giveUp(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const head = [
    'POST /api/users HTTP/1.1',
    `Host: ${hostname}`,
    'Content-Type: application/json',
    'Content-Length: 100',
    'Expect: 100-continue',
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n{"username":`);
  await once(socket, 'data');
  socket.destroy();
  await once(socket, 'close');
}
