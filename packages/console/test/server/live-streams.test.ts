/** Streams over real sockets: what is made once for all, and readers that read nothing. */
import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { LiveStreams } from '../../src/server/live-streams.js';
import type { ViewQuery } from '../../src/views/views.js';

const query = (key: string): ViewQuery => ({ name: 'routes', key, state: () => ({}) });

/** A server whose requests are streams of the view that their path names. */
async function serving(stateOf: (view: ViewQuery) => object) {
  const errors: unknown[] = [];
  let now = 0;
  const streams = new LiveStreams({ stateOf, onError: (error) => errors.push(error), clock: () => now });
  const responses: ServerResponse[] = [];
  const server = createServer((request, response) => {
    responses.push(response);
    streams.open(query(request.url ?? ''), response, {});
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const open = async (path: string): Promise<IncomingMessage> => {
    const request = get({ port, path, agent: false });
    request.on('error', () => {});
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    response.on('error', () => {});
    return response;
  };
  return {
    streams,
    errors,
    responses,
    open,
    tick: () => {
      now += 1000;
      streams.tick();
    },
  };
}

test('a view is made once for all its pages', async () => {
  let made = 0;
  const { streams, open, tick } = await serving(() => {
    made += 1;
    return { now: made, rows: [{ key: 'a', rate: made }] };
  });
  const pages = await Promise.all([open('/a'), open('/a'), open('/b')]);
  expect([made, streams.count]).toEqual([2, 3]);
  tick();
  expect(made).toBe(4);
  const texts = pages.map((page) => {
    let text = '';
    page.on('data', (chunk) => {
      text += chunk;
    });
    return once(page, 'end').then(() => text);
  });
  streams.close();
  const [first, second] = await Promise.all(texts);
  expect(first).toBe(second);
  expect(first?.match(/^event: \w+$/gm)).toEqual(['event: state', 'event: change', 'event: closing']);
});

test('a page hears that the server is there, also where nothing changes', async () => {
  const { streams, open, tick } = await serving(() => ({ rows: [] }));
  const page = await open('/a');
  const events: string[] = [];
  page.on('data', (chunk) => events.push(...(String(chunk).match(/^event: \w+$/gm) ?? [])));
  for (let second = 0; second < 25; second += 1) tick();
  streams.close();
  await once(page, 'end');
  expect(events).toEqual(['event: state', 'event: alive', 'event: alive', 'event: closing']);
});

test('a page that reads nothing is dropped, and nothing is added to what it has not taken', async () => {
  const large = 'x'.repeat(8 * 2 ** 20);
  let made = 0;
  const { streams, responses, open, tick } = await serving(() => {
    made += 1;
    return { now: made, rows: [{ key: 'a', large, made }] };
  });
  const page = await open('/a');
  page.pause();
  const [response] = responses as [ServerResponse];
  expect(response.writableNeedDrain).toBe(true);
  const closed = once(response, 'close');
  let most = response.writableLength;
  for (let second = 0; second < 11; second += 1) {
    tick();
    most = Math.max(most, response.writableLength);
  }
  await closed;
  expect([most < 1.1 * large.length, streams.count]).toEqual([true, 0]);
});

test('a page that was late gets the whole state', async () => {
  const large = 'x'.repeat(8 * 2 ** 20);
  let made = 0;
  const { streams, responses, open, tick } = await serving(() => {
    made += 1;
    return { now: made, rows: [{ key: 'a', ...(made === 1 && { large }), made }] };
  });
  const page = await open('/a');
  page.pause();
  const [response] = responses as [ServerResponse];
  for (let second = 0; second < 3; second += 1) tick();
  const events: string[] = [];
  page.on('data', (chunk) => events.push(...(String(chunk).match(/^event: \w+$/gm) ?? [])));
  page.resume();
  await once(response, 'drain');
  tick();
  streams.close();
  await once(page, 'end');
  expect(events).toEqual(['event: state', 'event: state', 'event: closing']);
});

test('a view that fails closes its pages only', async () => {
  let fails = false;
  const { streams, errors, open, tick } = await serving(({ key }) => {
    if (fails && key === '/bad') throw new Error('no');
    return { now: 1 };
  });
  const [bad] = await Promise.all([open('/bad'), open('/good')]);
  fails = true;
  bad.resume();
  const closed = new Promise((resolve) => bad.once('close', resolve));
  tick();
  await closed;
  expect([errors.length, streams.count]).toEqual([1, 1]);
});

test('what takes long is made less often', async () => {
  let made = 0;
  let now = 0;
  const streams = new LiveStreams({
    stateOf: () => {
      made += 1;
      now += 100;
      return { now: made };
    },
    onError: (error) => {
      throw error;
    },
    clock: () => now,
  });
  const server = createServer((_request, response) => streams.open(query('a'), response, {})).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const request = get({ port: (server.address() as AddressInfo).port, agent: false });
  request.on('error', () => {});
  await once(request, 'response');
  for (let second = 0; second < 10; second += 1) {
    now += 1000;
    streams.tick();
  }
  // 100 ms each, of which 5 % of the time may be spent: one in two seconds.
  expect(made).toBeLessThan(8);
  expect(made).toBeGreaterThan(4);
});
