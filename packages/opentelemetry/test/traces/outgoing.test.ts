/** The spans of calls to other programs, and of what these do. */
import { fileURLToPath } from 'node:url';
import { Controller, Get, Param } from '@tsukimi/core';
import { openTelemetry } from '@tsukimi/opentelemetry';
import { expect, onTestFinished, test } from 'vitest';
import { ChildProgram } from '../../../../test/support/child-process.js';
import { freePort } from '../../../../test/support/free-port.js';
import { OtlpReceiver } from '../../../../test/support/otlp-receiver.js';
import { instrumentedApplication, listen } from '../../../instrumentation/test/support/start.js';
import { fetchUntraced } from '../support/client-of-tests.js';
import { spanOf, treesOf } from '../support/span-trees.js';

/** Where the other program is. */
let stockPort = 0;

@Controller('/orders')
class OrderController {
  @Get('/:id')
  async order(@Param('id') id: string): Promise<string> {
    const response = await fetch(`http://127.0.0.1:${stockPort}/stock/${id}?token=secret`);
    return await response.text();
  }
}

const App = instrumentedApplication([OrderController], { extensions: [openTelemetry] });

async function traced(traces: object = {}) {
  const receiver = await OtlpReceiver.open();
  onTestFinished(() => receiver.stop());
  const opentelemetry = { endpoint: receiver.url, service: 'orders', metrics: { enabled: false }, traces: { ...traces } };
  const started = await listen(App, { configuration: { opentelemetry } });
  const get = async (path: string) => await (await fetchUntraced(`http://127.0.0.1:${started.port}${path}`)).text();
  return { ...started, receiver, get };
}

test('the spans of another program are in the same trace', async () => {
  const { app, receiver, get } = await traced();
  await using stock = new ChildProgram(process.execPath, {
    args: [fileURLToPath(new URL('../support/stock-program.mjs', import.meta.url))],
    environment: { RECEIVER: receiver.url },
  });
  stockPort = Number((await stock.waitForOutput(/listening on (\d+)/))[1]);
  expect(await get('/orders/7')).toBe('{"count":14}');
  await app.close();
  const spans = await receiver.untilSpans(5);
  expect(treesOf(spans)).toEqual([['GET /orders/:id', ['OrderController.order', ['GET', ['GET /stock/:id', 'Stock.count']]]]]);
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  expect(spanOf(spans, 'Stock.count').resource).toMatchObject({ 'service.name': 'stock' });
  const call = spanOf(spans, 'GET');
  expect(call).toMatchObject({ kind: 'client', status: 'unset', resource: { 'service.name': 'orders' } });
  expect(call.attributes).toEqual({
    'http.request.method': 'GET',
    'http.response.status_code': 200,
    'server.address': '127.0.0.1',
    'server.port': stockPort,
    'url.full': `http://127.0.0.1:${stockPort}/stock/7`,
    'url.scheme': 'http',
  });
});

test('a call that fails, and one that nobody answers', async () => {
  await using other = await OtlpReceiver.open();
  const { app, receiver, get } = await traced();
  stockPort = other.port;
  await get('/orders/1');
  stockPort = await freePort();
  await get('/orders/2');
  await app.close();
  const calls = receiver.spans.filter(({ kind }) => kind === 'client');
  expect(calls.map(({ status, attributes }) => [status, attributes['error.type'], attributes['http.response.status_code']])).toEqual([
    ['error', '404', 404],
    ['error', 'refused', undefined],
  ]);
});

test('with spans.client off, there is no span of the call', async () => {
  await using other = await OtlpReceiver.open();
  const { app, receiver, get } = await traced({ spans: { client: 'off' } });
  stockPort = other.port;
  await get('/orders/1');
  await app.close();
  expect(treesOf(receiver.spans)).toEqual([['GET /orders/:id', 'OrderController.order']]);
});
