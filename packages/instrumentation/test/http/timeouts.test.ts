/** Requests that take too long: for their handler, for their connection, or to arrive. */
import { describe, expect, test } from 'vitest';
import { expectCounts, secondsSpent } from './support/counts.js';
import { FORMS, startPlugin } from './support/forms.js';
import { RawClient } from './support/raw-client.js';

const never = () => new Promise<never>(() => {});

describe.each(FORMS)('in $form', ({ start }) => {
  test('a handler that never answers, until its connection times out', async () => {
    const server = await start((app) => {
      app.server.setTimeout(50);
      app.get('/never', never);
    });
    const client = await RawClient.connect(server.port);
    expect(await client.request('GET', '/never').closed()).toBe('');
    await expectCounts(server, ['GET /never 499']);
    expect(await secondsSpent(server.registry)).toBeGreaterThan(0.04);
  });

  test('the same with an onTimeout hook', async () => {
    let timeouts = 0;
    const server = await start((app) => {
      app.server.setTimeout(50);
      app.addHook('onTimeout', async () => {
        timeouts += 1;
      });
      app.get('/never', never);
    });
    const client = await RawClient.connect(server.port);
    await client.request('GET', '/never').closed();
    await expectCounts(server, ['GET /never 499']);
    expect(timeouts).toBe(1);
  });

  test('handlerTimeout', async () => {
    const server = await start((app) => app.get('/never', { handlerTimeout: 30 }, never));
    const client = await RawClient.connect(server.port);
    expect(await client.request('GET', '/never').answers(1)).toEqual([503]);
    await expectCounts(server, ['GET /never 503']);
  });
});

describe('requests that do not arrive in time', () => {
  const options = { requestTimeout: 100, http: { connectionsCheckingInterval: 20, headersTimeout: 100 } };

  test('in the middle of the head', async () => {
    const server = await startPlugin((app) => app.get('/', async () => 'ok'), options);
    const client = await RawClient.connect(server.port);
    expect(await client.write('GET / HTTP/1.1\r\nHost:').closed()).toContain(' 408 ');
    await expectCounts(server, ['<unknown> <unmatched> 408']);
  });

  test('in the middle of the body', async () => {
    const server = await startPlugin((app) => app.post('/upload', async () => 'ok'), options);
    const client = await RawClient.connect(server.port);
    client.request('POST', '/upload', ['Content-Type: text/plain', 'Content-Length: 10']).write('12345');
    expect(await client.closed()).toContain(' 408 ');
    await expectCounts(server, ['POST /upload 408']);
  });

  test('a connection that sends nothing is not a request', async () => {
    const server = await startPlugin((app) => app.get('/', async () => 'ok'), options);
    const client = await RawClient.connect(server.port);
    expect(await client.closed()).toContain(' 408 ');
    await expectCounts(server, []);
  });
});
