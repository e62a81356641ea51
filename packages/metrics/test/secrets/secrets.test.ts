/** What is said of a push or a scrape that fails: no credentials, and nothing that the other side repeats of them. */

import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { pushMetrics } from '@tsukimi/metrics';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { everythingSaid } from '../../../../test/support/everything-said.js';
import { openRegistry } from '../support/open-registry.js';

const CANARY = 'zQ7canary9Kx';

/** What the gateway answers, byte for byte, to a request whose first lines it is given. */
type Answer = (request: string) => string;

const HEAD = 'HTTP/1.1 400 Bad Request\r\nconnection: close\r\n';
const ANSWERS: Readonly<Record<string, Answer>> = {
  'the credentials in its answer': (request) => `${HEAD}\r\n${request}`,
  'the credentials, decoded': (request) => `${HEAD}\r\n${decoded(request)}`,
  'the secret alone': () => `${HEAD}\r\nwrong password ${CANARY}`,
  'the secret in capitals': () => `${HEAD}\r\n${CANARY.toUpperCase()}`,
  'the secret in entities': () => `${HEAD}\r\n${CANARY}&#39;`,
  'a header that is none': (request) => `HTTP/1.1 200 OK\r\n${decoded(request)}\0\r\n\r\n`,
  'no HTTP': (request) => decoded(request),
  'no HTTP, with the secret': () => `${CANARY}\r\n\r\n`,
  'a status line with the secret': () => `HTTP/1.1 500 ${CANARY}\r\nconnection: close\r\n\r\n`,
  'a redirect that is no address': () => `HTTP/1.1 302 Found\r\nlocation: http://u:${CANARY}@[\r\nconnection: close\r\n\r\n`,
  'a redirect to another scheme': () => `HTTP/1.1 302 Found\r\nlocation: ftp://u:${CANARY}@h\r\nconnection: close\r\n\r\n`,
  'a redirect to nowhere': () => `HTTP/1.1 307 Found\r\nlocation: http://u:${CANARY}@127.0.0.1:1/?t=${CANARY}\r\nconnection: close\r\n\r\n`,
  'a body that is cut': () => `HTTP/1.1 500 No\r\ncontent-length: 999\r\n\r\n${CANARY}`,
  'nothing at all': () => '',
};

function decoded(request: string): string {
  const basic = /authorization: Basic (\S+)/i.exec(request)?.[1] ?? '';
  return Buffer.from(basic, 'base64').toString() || decodeURIComponent(/\?(\S*)/.exec(request)?.[1] ?? '');
}

let gateway: Server;
let answer: Answer = () => '';
let host: string;

beforeAll(async () => {
  gateway = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (chunk) => socket.end(answer(String(chunk))));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => gateway.once('listening', resolve));
  host = `127.0.0.1:${(gateway.address() as AddressInfo).port}`;
});
afterAll(() => void gateway.close());

async function saidOfPush(options: object): Promise<string> {
  const { registry } = openRegistry();
  return await everythingSaid(() => pushMetrics({ registry, job: 'nightly', retries: 0, timeoutMs: 500, ...options } as never));
}

function expectSilence(said: string): void {
  expect(said).toMatch(/TSK_ERR_(METRIC|PUSH|REMOTE)_/);
  const encoded = [`ann:${CANARY}`, `ann:a@b/${CANARY}`].map((each) => Buffer.from(each).toString('base64').slice(0, 12));
  for (const secret of [CANARY, ...encoded]) expect(said.toLowerCase().includes(secret.toLowerCase()), said).toBe(false);
}

test.each(Object.entries(ANSWERS))('a gateway answers with %s', async (_name, answers) => {
  answer = answers;
  for (const userinfo of [`ann:${CANARY}`, `ann:a%40b%2F${CANARY}`, CANARY])
    expectSilence(await saidOfPush({ url: `http://${userinfo}@${host}` }));
  for (const query of [`token=${CANARY}`, `password=${CANARY}&a=b`, `sig=a%2F${CANARY}`, CANARY])
    expectSilence(await saidOfPush({ url: `http://${host}/?${query}` }));
});

const BAD_URLS = [
  `htp://h/?token=${CANARY}`,
  `ftp://u:${CANARY}@h`,
  `http://u:a/${CANARY}@h`,
  `http://u:a@${CANARY}@h:1x`,
  `http://u:${CANARY}#b@h`,
  `http://u:a#${CANARY}@h`,
  `http://u:a:${CANARY}@h:port`,
  `http://u:a?${CANARY}@h`,
  `http://u:a%40${CANARY}@h:99999`,
  `http://u:%${CANARY}@[`,
  `//u:${CANARY}@h`,
  `u:${CANARY}@h`,
  `postgres://u:${CANARY}@h/db`,
  `Server=h;Password=${CANARY};`,
  `http://h h/?password=${CANARY}`,
  `http://${CANARY}:1:2`,
  ` ${CANARY}`,
  CANARY,
  { url: CANARY },
  [CANARY],
  Symbol(CANARY),
];

test.each(BAD_URLS)('an url that is none, the %#th', async (url) => {
  expectSilence(await saidOfPush({ url }));
});

test.each([
  `http://ann:${CANARY}@127.0.0.1:1`,
  `http://127.0.0.1:1/?token=${CANARY}`,
  `http://127.0.0.1:1/a#${CANARY}`,
  `http://ann:a%2F${CANARY}@127.0.0.1:1/x?sig=${CANARY}`,
  `https://ann:${CANARY}@HOST`,
  `http://ann:${CANARY}@no-such-host.invalid`,
])('nobody answers at the address, the %#th', async (url) => {
  expectSilence(await saidOfPush({ url: url.replace('HOST', host) }));
});

test.each(['retries', 'retryDelayMs', 'timeoutMs', 'method', 'registry', 'job'])('%s with a secret in it', async (option) => {
  for (const value of [{ password: CANARY }, [CANARY]]) expectSilence(await saidOfPush({ url: `http://${host}`, [option]: value }));
  if (option !== 'job') expectSilence(await saidOfPush({ url: `http://${host}`, [option]: CANARY }));
});

test('a cause that repeats nothing is kept', async () => {
  const error = await pushMetrics({
    registry: openRegistry().registry,
    job: 'j',
    retries: 0,
    url: `http://ann:${CANARY}@127.0.0.1:9`,
  }).catch((each: unknown) => each);
  expect(error).toMatchObject({ cause: { name: 'TypeError', message: 'fetch failed', cause: expect.any(Error) } });
});
