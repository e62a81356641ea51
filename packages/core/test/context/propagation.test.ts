/** What a request passes on to other services. */

import { AsyncLocalStorage } from 'node:async_hooks';
import {
  activeSpan,
  Controller,
  contextHeaders,
  type Extension,
  Get,
  type OpenContext,
  replaceContextStorage,
  Scheduled,
  type SpanIds,
} from '@tsukimi/core';
import { expect, onTestFinished, test } from 'vitest';
import { applicationOf, start } from '../start.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = { traceId: TRACE, spanId: 'aaaaaaaaaaaaaaaa', isSampled: false };
const RECEIVED = { 'x-request-id': 'abc', traceparent: `00-${TRACE}-00f067aa0ba902b7-01`, tracestate: 'a=1' };

@Controller('/moons')
class Moons {
  static ofTask: unknown;

  @Get('/')
  list() {
    return contextHeaders();
  }

  @Scheduled({ name: 'nightly', cron: '0 0 3 * * *' })
  nightly() {
    Moons.ofTask = contextHeaders();
  }
}

const ON = { configuration: { logging: { request_context: 'on' } } };

async function passedOn(span: SpanIds | undefined, headers: Record<string, string>): Promise<unknown> {
  const tracer = (): Extension => ({
    name: 'tracer',
    requestContext: () => ({
      began: (context) => {
        context.span = span;
      },
    }),
  });
  const app = await start(applicationOf([Moons], { extensions: [tracer] }), ON);
  return (await app.inject({ url: '/moons', headers })).json();
}

test('without tracing, what the request brought is passed on', async () => {
  expect(await passedOn(undefined, RECEIVED)).toEqual(RECEIVED);
  expect(await passedOn(undefined, { 'x-request-id': 'abc', traceparent: `cc-${TRACE}-00f067aa0ba902b7-ff-more` })).toEqual({
    'x-request-id': 'abc',
    traceparent: `00-${TRACE}-00f067aa0ba902b7-03`,
  });
});

test('with tracing, the span is the parent, and the state of another trace is left out', async () => {
  const traceparent = `00-${TRACE}-aaaaaaaaaaaaaaaa-00`;
  expect(await passedOn(SPAN, RECEIVED)).toEqual({ ...RECEIVED, traceparent });
  expect(await passedOn({ ...SPAN, tracestate: 'b=2' }, RECEIVED)).toEqual({ ...RECEIVED, traceparent, tracestate: 'b=2' });
  const other = { ...RECEIVED, traceparent: `00-${'1'.repeat(32)}-00f067aa0ba902b7-01` };
  expect(await passedOn(SPAN, other)).toEqual({ 'x-request-id': 'abc', traceparent });
});

test('a task has no request whose id it could pass on', async () => {
  const app = await start(applicationOf([Moons]), ON);
  await app.scheduler.run('nightly');
  expect(Moons.ofTask).toEqual({});
});

test('a tracing library can bring the storage, which knows its active span', async () => {
  const local = new AsyncLocalStorage<{ readonly context: OpenContext; readonly span: SpanIds }>();
  const restore = replaceContextStorage({
    get: () => local.getStore()?.context,
    run: (context, act) => local.run({ context, span: SPAN }, act),
    activeSpan: () => local.getStore()?.span,
  });
  onTestFinished(restore);
  expect(await passedOn(undefined, RECEIVED)).toEqual({ ...RECEIVED, traceparent: `00-${TRACE}-aaaaaaaaaaaaaaaa-00` });
  restore();
  expect(await passedOn(undefined, RECEIVED)).toEqual(RECEIVED);
  expect(activeSpan()).toBeUndefined();
});
