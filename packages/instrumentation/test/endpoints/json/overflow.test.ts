/** Past the budget of label sets many routes and methods are recorded in one series of the text. In JSON each has its own numbers all the same. */
import { Controller, Get, NotFoundError, Service } from '@tsukimi/core';
import { expect, test } from 'vitest';
import { jsonView, linesOf } from '../../support/scrape.js';
import { instrumentedApplication, start } from '../../support/start.js';

@Service()
class MoonService {
  phase() {
    return 'full';
  }
  rise() {
    return 18;
  }
  set(fails: boolean) {
    if (fails) throw new NotFoundError();
    return 6;
  }
}

@Controller('/moon')
class MoonController {
  constructor(private readonly moon: MoonService) {}
  @Get('/phase') phase() {
    return { phase: this.moon.phase() };
  }
  @Get('/rise') rise() {
    return { hour: this.moon.rise() };
  }
  @Get('/set') set() {
    return { hour: this.moon.set(false) };
  }
  @Get('/lost') lost() {
    return { hour: this.moon.set(true) };
  }
}

const TRAFFIC: readonly (readonly [path: string, times: number])[] = [
  ['/moon/phase', 5],
  ['/moon/rise', 4],
  ['/moon/set', 3],
  ['/moon/lost', 2],
];

async function shown(budget: number) {
  const configuration = { metrics: { max_series_per_metric: budget } };
  const { app } = await start(instrumentedApplication([MoonController, MoonService]), { configuration });
  for (const [path, times] of TRAFFIC) {
    for (let time = 0; time < times; time += 1) await app.inject(path);
  }
  const { http, components } = (await jsonView(app)).instrumentation;
  const { endpoints, total_requests, requests_by_method, responses_by_status, latency } = http;
  // biome-ignore lint/suspicious/noExplicitAny: the view is what the test is about.
  const of = (parts: Record<string, any>, pick: (part: any) => unknown) =>
    Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, pick(part)]));
  const numbers = {
    endpoints: of(endpoints, ({ requests, client_errors }) => [requests, client_errors]),
    http: { total_requests, requests_by_method, responses_by_status },
    components: of(components, ({ calls, failures, methods }) => [
      calls,
      failures,
      of(methods, (method) => [method.calls, method.failures]),
    ]),
  };
  return { app, numbers, endpoints, latency, methods: components.MoonService.methods };
}

const EXPECTED = {
  endpoints: { 'GET /moon/phase': [5, 0], 'GET /moon/rise': [4, 0], 'GET /moon/set': [3, 0], 'GET /moon/lost': [2, 2] },
  http: { total_requests: 14, requests_by_method: { GET: 14 }, responses_by_status: { 200: 12, 404: 2 } },
  components: {
    MoonService: [14, 2, { phase: [5, 0], rise: [4, 0], set: [5, 2] }],
    MoonController: [14, 2, { phase: [5, 0], rise: [4, 0], set: [3, 0], lost: [2, 2] }],
  },
};

test.each([1, 2, 3, 5, 2000])('with a budget of %i label sets', async (budget) => {
  const { numbers } = await shown(budget);
  expect(numbers).toEqual(EXPECTED);
});

test('times are those of each, and the text has all of them in its one series', async () => {
  const { app, endpoints, latency, methods } = await shown(1);
  // A time of its own for each: no two of them are equal to the nanosecond.
  for (const parts of [endpoints, methods]) {
    // biome-ignore lint/suspicious/noExplicitAny: as above.
    const averages = Object.values<any>(parts).map((part) => part.avg_duration_ms ?? part.latency.avg_ms);
    expect(new Set(averages).size).toBe(averages.length);
  }
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  const each = Object.values<any>(endpoints).map((endpoint) => endpoint.latency);
  expect(latency.min_ms).toBe(Math.min(...each.map(({ min_ms }) => min_ms)));
  expect(latency.max_ms).toBe(Math.max(...each.map(({ max_ms }) => max_ms)));
  expect(await linesOf(app, 'http_requests_total')).toEqual([
    'http_requests_total{method="GET",path="/moon/phase",status="200"} 5',
    'http_requests_total{method="__overflow__",path="__overflow__",status="__overflow__"} 9',
  ]);
  const counts = await linesOf(app, 'component_duration_seconds_count');
  expect(counts.reduce((sum, line) => sum + Number(line.split(' ')[1]), 0)).toBe(28);
  // The three series of a method go together: one without room for its outcomes has no duration of its own either.
  expect(counts).toHaveLength(1);
});
