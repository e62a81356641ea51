/** A server that closes while requests run. */
import { describe, expect, test } from 'vitest';
import { counted, expectCounts, waitForInFlight } from './support/counts.js';
import { FORMS, startPlugin } from './support/forms.js';
import { latch } from './support/latch.js';
import { RawClient } from './support/raw-client.js';

describe.each(FORMS)('in $form', ({ start }) => {
  test('running requests are finished, and new ones get 503', async () => {
    const [running, closing] = [latch(), latch()];
    const server = await start((app) => {
      app.addHook('preClose', async () => closing.open());
      app.get('/slow', async () => {
        await running.opened;
        return 'slow';
      });
    });
    const client = await RawClient.connect(server.port);
    client.request('GET', '/slow');
    await waitForInFlight(server, 1);
    const closed = server.close();
    await closing.opened;
    client.request('GET', '/slow').request('GET', '/unknown');
    await waitForInFlight(server, 3);
    running.open();
    // The connection closes after the first 503: what was pipelined behind it gets no answer.
    expect(await client.answers(2)).toEqual([200, 503]);
    await client.closed();
    await closed;
    await expectCounts(server, ['GET /slow 200', 'GET <unmatched> 503', 'GET <unmatched> 499']);
  });
});

test('closed by force, running requests were aborted', async () => {
  const server = await startPlugin((app) => app.get('/never', () => new Promise(() => {})), { forceCloseConnections: true });
  const clients = await Promise.all(Array.from({ length: 5 }, () => RawClient.connect(server.port)));
  for (const client of clients) client.request('GET', '/never');
  await waitForInFlight(server, 5);
  await server.close();
  await expectCounts(server, ['GET /never 499 x5']);
});

test('with return503OnClosing switched off they are answered', async () => {
  const [running, closing] = [latch(), latch()];
  const options = { return503OnClosing: false };
  const server = await startPlugin((app) => {
    app.addHook('preClose', async () => closing.open());
    app.get('/slow', async () => {
      await running.opened;
      return 'slow';
    });
  }, options);
  const client = await RawClient.connect(server.port);
  client.request('GET', '/slow');
  await waitForInFlight(server, 1);
  const closed = server.close();
  await closing.opened;
  client.request('GET', '/slow');
  await waitForInFlight(server, 2);
  running.open();
  await closed;
  await expectCounts(server, ['GET /slow 200 x2']);
});

test('a server that is closed and one that runs on share nothing', async () => {
  const [first, second] = [
    await startPlugin((app) => app.get('/a', async () => 'a')),
    await startPlugin((app) => app.get('/a', async () => 'a')),
  ];
  await (await RawClient.connect(first.port)).request('GET', '/a').answers(1);
  await expectCounts(first, ['GET /a 200']);
  await (await RawClient.connect(second.port)).request('GET', '/a').answers(1);
  expect(await counted(first)).toEqual(['GET /a 200 x1']);
  await expectCounts(second, ['GET /a 200']);
});
