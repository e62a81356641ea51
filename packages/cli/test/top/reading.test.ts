import { Application, Controller, createApplication, Get, NotFoundError, Param } from '@tsukimi/core';
import { Instrumented } from '@tsukimi/instrumentation';
import { describe, expect, it } from 'vitest';
import { readDocument } from '../../src/top/reading.js';

@Controller('/moon')
class MoonController {
  @Get('/:night')
  phase(@Param('night') night: number) {
    if (night < 0) throw new NotFoundError(`There was no night ${night}.`);
    return { night };
  }

  rise() {}
}

@Instrumented()
@Application({ components: [MoonController] })
class App {}

describe('a document', () => {
  it('of an application has its routes and methods', async () => {
    await using application = await createApplication(App, { configuration: {}, environment: {}, logger: false });
    await application.inject('/moon/15');
    await application.inject('/moon/-1');
    const document = (await application.inject('/metrics')).json();
    const { p95_ms: routeP95 } = document.instrumentation.http.endpoints['GET /moon/:night'].latency;
    const { p95_ms: methodP95 } = document.instrumentation.components.MoonController.methods.phase;
    expect(routeP95).toBeGreaterThan(0);
    expect(readDocument(document)).toEqual({
      atMs: Date.parse(document.timestamp),
      uptimeSeconds: document.instrumentation.system.uptime_seconds,
      inFlight: 0,
      routes: new Map([['GET /moon/:night', { total: 2, errors: 0, p95Ms: routeP95 }]]),
      methods: new Map([
        ['MoonController.phase', { total: 2, errors: 1, p95Ms: methodP95 }],
        ['MoonController.rise', { total: 0, errors: 0, p95Ms: null }],
      ]),
    });
  });
});

const TIMESTAMP = '2026-11-21T12:18:46.763Z';

it.each([
  ['nothing', null],
  ['a text', 'metrics'],
  ['a list', []],
  ['another object', { status: 'ok' }],
  ['one without a time', { enabled: true, instrumentation: {} }],
  ['one whose parts are no objects', { enabled: true, timestamp: TIMESTAMP, instrumentation: 3 }],
])('%s is not one of Tsukimi', (_, document) => {
  expect(readDocument(document)).toBe('not-tsukimi');
});

it('says where measuring is switched off', () => {
  expect(readDocument({ enabled: false, timestamp: TIMESTAMP, instrumentation: { custom: {} } })).toBe('switched-off');
});

it('distinguishes what is not measured from what has not happened', () => {
  const document = { enabled: true, timestamp: TIMESTAMP, instrumentation: { components: {} } };
  expect(readDocument(document)).toMatchObject({ routes: undefined, methods: new Map(), uptimeSeconds: undefined, inFlight: undefined });
});

it('takes numbers for numbers only', () => {
  const endpoints = { odd: { requests: '7', errors: -1, latency: null }, list: [], empty: null };
  const instrumentation = { http: { endpoints, in_flight: Number.NaN }, components: { A: { methods: { b: 1 } }, C: null } };
  expect(readDocument({ enabled: true, timestamp: TIMESTAMP, instrumentation })).toMatchObject({
    inFlight: undefined,
    routes: new Map(['odd', 'list', 'empty'].map((name) => [name, { total: 0, errors: 0, p95Ms: null }])),
    methods: new Map([['A.b', { total: 0, errors: 0, p95Ms: null }]]),
  });
});
