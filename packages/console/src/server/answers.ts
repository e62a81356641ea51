/** Sends files and JSON, with the headers that keep the page to itself. */
import type { PageAnswer } from '@tsukimi/instrumentation';
import type { Asset } from '../assets.js';

/** What is used of Fastify's request and reply. */
export interface Asking {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface Answering {
  code(status: number): this;
  header(name: string, value: string): this;
  send(body?: unknown): this;
}

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
};

/** Of event streams. */
export const STREAM_HEADERS: Readonly<Record<string, string>> = {
  ...HEADERS,
  'cache-control': 'no-store',
  'content-type': 'text/event-stream; charset=utf-8',
  'x-accel-buffering': 'no',
};

export const NO_VIEW: PageAnswer = { status: 400, body: JSON.stringify({ error: 'There is no view of this name.' }) };
export const TOO_MANY: PageAnswer = { status: 503, body: JSON.stringify({ error: 'Too many pages are open. Close one of them.' }) };

const RETRY_SECONDS = 10;

export function sendAnswer(reply: Answering, { status, body }: PageAnswer): Answering {
  if (status === 503) reply.header('retry-after', String(RETRY_SECONDS));
  return withHeaders(reply.code(status), 'no-store').header('content-type', 'application/json; charset=utf-8').send(body);
}

export function sendAsset({ headers }: Asking, reply: Answering, asset: Asset): Answering {
  withHeaders(reply, asset.isHashed ? 'private, max-age=31536000, immutable' : 'no-cache').header('etag', asset.etag);
  if (asks(headers['if-none-match'], asset.etag)) return reply.code(304).send();
  reply.header('content-type', asset.type).header('vary', 'accept-encoding');
  if (!asks(headers['accept-encoding'], 'gzip')) return reply.send(asset.body);
  return reply.header('content-encoding', 'gzip').send(asset.compressed);
}

export function sendJson(reply: Answering, data: object): Answering {
  return withHeaders(reply, 'no-store').header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(data));
}

export function withHeaders<R extends Answering>(reply: R, cacheControl: string): R {
  for (const [name, value] of Object.entries(HEADERS)) reply.header(name, value);
  return reply.header('cache-control', cacheControl);
}

/** Whether a list in a header has a value, and does not refuse it. */
function asks(header: string | string[] | undefined, wanted: string): boolean {
  return String(header ?? '')
    .split(',')
    .some((each) => {
      const [value = '', ...parameters] = each.split(';').map((part) => part.trim());
      return value.replace(/^W\//, '') === wanted && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
    });
}
