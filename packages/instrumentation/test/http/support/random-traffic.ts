/** Random requests from a seed: what is sent, and the status it must be counted with. */
import type { FastifyInstance } from 'fastify';

/** One request as it goes over the wire. */
export interface Exchange {
  readonly text: string;
  readonly status: number;
}

/** Mulberry32: small, seeded, good enough to mix requests. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A whole number from 0 to `below - 1`. */
export function pick(random: () => number, below: number): number {
  return Math.floor(random() * below);
}

/** The routes that the traffic is for. */
export function addTrafficRoutes(app: FastifyInstance): void {
  const body = { type: 'object', required: ['name'], properties: { name: { type: 'string' } } };
  app.get('/status/:code', (request, reply) => reply.code(Number((request.params as { code: string }).code)).send());
  app.get('/later/:id', async () => {
    await new Promise(setImmediate);
    return { later: true };
  });
  app.post('/items', { schema: { body } }, (_request, reply) => reply.code(201).send('made'));
  app.get('/raw/*', (_request, reply) => {
    reply.hijack();
    reply.raw.writeHead(203, { 'content-length': '3' }).end('raw');
  });
  app.get('/hang', () => new Promise(() => {}));
}

const STATUSES = [200, 201, 204, 206, 301, 302, 304, 400, 401, 403, 404, 409, 429, 500, 502, 503];

/** The next request of the mix. */
export function nextExchange(random: () => number): Exchange {
  const id = pick(random, 1_000_000);
  const kind = pick(random, 10);
  if (kind < 3) return withStatus(STATUSES[pick(random, STATUSES.length)] as number);
  if (kind === 3) return { text: head('GET', `/unknown/${id}`), status: 404 };
  if (kind === 4) return { text: head('HEAD', `/later/${id}`), status: 200 };
  if (kind === 5) return { text: head('DELETE', `/later/${id}`), status: 404 };
  if (kind === 6) return { text: head('GET', `/raw/${id}/x`), status: 203 };
  if (kind === 7) return post(pick(random, 2));
  if (kind === 8) return { text: head('GET', `/%${id % 10}z`), status: 400 };
  return { text: head('GET', `/later/${id}?page=${id}`), status: 200 };
}

/** A request that is never answered; its arrival is recognised by its id. */
export function hangingRequest(id: string): string {
  return head('GET', '/hang', [`X-Id: ${id}`]);
}

function withStatus(status: number): Exchange {
  return { text: head('GET', `/status/${status}`), status };
}

function post(kind: number): Exchange {
  const [body, status] = (
    [
      ['{"name":"a"}', 201],
      ['{}', 400],
      ['{', 400],
    ] as const
  )[kind] ?? ['', 400];
  return { text: head('POST', '/items', ['Content-Type: application/json', `Content-Length: ${body.length}`]) + body, status };
}

function head(method: string, target: string, headers: readonly string[] = []): string {
  return [`${method} ${target} HTTP/1.1`, 'Host: localhost', ...headers, '', ''].join('\r\n');
}
