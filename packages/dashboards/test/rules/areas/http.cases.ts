/** Requests of the job `shop`: counters grow by so many a minute, a sample each minute. */
import type { AlertCase, RecordingCase, SeriesValues } from '../support/promtool.js';

/** Requests a minute, for an hour. */
const requests = (status: number, perMinute: number, path = '/orders', instance = 'a'): SeriesValues => ({
  [`http_requests_total{job="shop", instance="${instance}", method="GET", path="${path}", status="${status}"}`]: `0+${perMinute}x60`,
});

/** Requests a minute by the bucket that they are counted in: at most so many seconds. */
function durations(byBound: Readonly<Record<string, number>>, path = '/orders'): SeriesValues {
  return Object.fromEntries(
    Object.entries(byBound).map(([bound, perMinute]) => [
      `http_request_duration_seconds_bucket{job="shop", instance="a", method="GET", path="${path}", le="${bound}"}`,
      `0+${perMinute}x60`,
    ]),
  );
}

const GET_ORDERS = '{job="shop", method="GET", path="/orders"}';

export const recordings: readonly RecordingCase[] = [
  {
    record: 'job_method_path:http_requests:rate5m',
    why: '(120 + 60 + 60) / 60 s = 4 a second over two statuses and two instances; the other route is on its own',
    series: { ...requests(200, 120), ...requests(500, 60), ...requests(200, 60, '/orders', 'b'), ...requests(200, 6000, '/health') },
    at: '10m',
    gives: { [GET_ORDERS]: 4, '{job="shop", method="GET", path="/health"}': 100 },
  },
  {
    record: 'job:http_requests:rate5m',
    why: '(180 + 60) / 60 s',
    series: { ...requests(200, 180), ...requests(404, 60, '/health') },
    at: '10m',
    gives: { '{job="shop"}': 4 },
  },
  {
    record: 'job_method_path:http_requests:failure_ratio_rate5m',
    why: '60 of 240, and 0 where nothing failed: 404 and 499 are no failures',
    series: { ...requests(200, 180), ...requests(503, 60), ...requests(404, 60, '/health'), ...requests(499, 60, '/health') },
    at: '10m',
    gives: { [GET_ORDERS]: 0.25, '{job="shop", method="GET", path="/health"}': 0 },
  },
  {
    record: 'job_method_path:http_requests:failure_ratio_rate5m',
    why: 'no requests, no share',
    series: { ...requests(200, 0), ...requests(500, 0) },
    at: '10m',
    gives: {},
  },
  {
    record: 'job:http_requests:failure_ratio_rate5m',
    why: '60 of 240',
    series: { ...requests(200, 180), ...requests(500, 60, '/health') },
    at: '10m',
    gives: { '{job="shop"}': 0.25 },
  },
  {
    record: 'job:http_requests:failure_ratio_rate5m',
    why: 'nothing ever failed: 0, not nothing',
    series: requests(200, 60),
    at: '10m',
    gives: { '{job="shop"}': 0 },
  },
  ...[
    ['job_method_path', GET_ORDERS],
    ['job', '{job="shop"}'],
  ].flatMap(([level = '', labels = '']): RecordingCase[] => [
    {
      record: `${level}:http_request_duration_seconds:p95_rate5m`,
      why: 'the 95th of 100 is the 2nd of the 4 between 1 s and 2.5 s, two quarters of the way: 93 are below 1 s, 97 below 2.5 s',
      series: durations({ 1: 93 * 60, 2.5: 97 * 60, 5: 100 * 60, '+Inf': 100 * 60 }),
      at: '10m',
      gives: { [labels]: 1.75 },
    },
    {
      record: `${level}:http_request_duration_seconds:p95_rate5m`,
      why: 'nothing observed, no percentile',
      series: durations({ 1: 0, '+Inf': 0 }),
      at: '10m',
      gives: {},
    },
    {
      record: `${level}:http_request_duration_seconds:p99_rate5m`,
      why: 'the 99th of 100 is the 1st of the 2 between 5 s and 10 s',
      series: durations({ 5: 98 * 60, 10: 100 * 60, '+Inf': 100 * 60 }),
      at: '10m',
      gives: { [labels]: 7.5 },
    },
  ]),
];

const failures: readonly AlertCase[] = [
  {
    alert: 'HttpFailuresHigh',
    why: '6 of 100',
    series: { ...requests(200, 5640), ...requests(500, 360) },
    at: '10m',
    fires: {
      labels: { severity: 'page', job: 'shop' },
      summary: 'Requests to shop fail',
      description:
        '6% of the requests to shop got a 5xx response in the last 5 minutes (allowed: 5%). First find out which routes fail, and whether it began with a release; the log has each error with its stack.',
    },
  },
  {
    alert: 'HttpFailuresHigh',
    why: '51 of 1000: just above 5 %',
    series: { ...requests(200, 949 * 6), ...requests(500, 51 * 6) },
    at: '10m',
    fires: true,
  },
  {
    alert: 'HttpFailuresHigh',
    why: '5 of 100: exactly 5 % is allowed',
    series: { ...requests(200, 5700), ...requests(500, 300) },
    at: '10m',
    fires: false,
  },
  {
    alert: 'HttpFailuresHigh',
    why: 'the first rate is there at 1 minute: it has not yet held for 5 minutes at 5, and has at 6',
    series: requests(500, 600),
    at: '5m',
    fires: false,
  },
  { alert: 'HttpFailuresHigh', why: 'as above', series: requests(500, 600), at: '6m', fires: true },
  { alert: 'HttpFailuresHigh', why: '6 a minute are 30 in 5 minutes: enough to tell', series: requests(500, 6), at: '20m', fires: true },
  { alert: 'HttpFailuresHigh', why: '5.8 a minute are 29: too few to tell', series: requests(500, 5.8), at: '20m', fires: false },
  {
    alert: 'HttpFailuresHigh',
    why: 'what the client did wrong, and what it gave up, is no failure',
    series: { ...requests(404, 300), ...requests(499, 300) },
    at: '20m',
    fires: false,
  },
  {
    alert: 'HttpRouteFailuresHigh',
    why: '30 of 100 of one route; 3 of 100 of all',
    series: { ...requests(200, 4200), ...requests(502, 1800), ...requests(200, 54_000, '/health') },
    at: '15m',
    fires: {
      labels: { severity: 'ticket', job: 'shop', method: 'GET', path: '/orders' },
      summary: 'Requests to GET /orders of shop fail',
      description:
        '30% of the requests to GET /orders got a 5xx response in the last 5 minutes (allowed: 25%). First find out which component method behind the route fails.',
    },
  },
  {
    alert: 'HttpFailuresHigh',
    why: '3 of 100 of all requests',
    series: { ...requests(200, 4200), ...requests(502, 1800), ...requests(200, 54_000, '/health') },
    at: '15m',
    fires: false,
  },
  {
    alert: 'HttpRouteFailuresHigh',
    why: '25 of 100 is allowed',
    series: { ...requests(200, 4500), ...requests(502, 1500) },
    at: '15m',
    fires: false,
  },
  { alert: 'HttpRouteFailuresHigh', why: '29 in 5 minutes are too few', series: requests(500, 5.8), at: '20m', fires: false },
];

const enough = requests(200, 6000);

const latency: readonly AlertCase[] = [
  {
    alert: 'HttpLatencyHigh',
    why: 'the 95th of 100 is the 5th of the 10 between 1 s and 2.5 s',
    series: { ...enough, ...durations({ 1: 5400, 2.5: 6000, '+Inf': 6000 }) },
    at: '15m',
    fires: {
      labels: { severity: 'page', job: 'shop' },
      summary: 'shop answers slowly',
      description:
        '5% of the requests to shop took longer than 1.75s in the last 5 minutes (allowed: 1s). First find out which routes are slow, then which component method behind them is slow, and whether the event loop lags.',
    },
  },
  {
    alert: 'HttpLatencyHigh',
    why: '949 of 1000 within 1 s: the 950th is a little above',
    series: { ...enough, ...durations({ 0.5: 5400, 1: 5694, 2.5: 6000, '+Inf': 6000 }) },
    at: '15m',
    fires: true,
  },
  {
    alert: 'HttpLatencyHigh',
    why: '950 of 1000 within 1 s: the 950th took exactly 1 s',
    series: { ...enough, ...durations({ 0.5: 5400, 1: 5700, 2.5: 6000, '+Inf': 6000 }) },
    at: '15m',
    fires: false,
  },
  {
    alert: 'HttpLatencyHigh',
    why: '29 slow requests in 5 minutes are too few',
    series: { ...requests(200, 5.8), ...durations({ 1: 0, 2.5: 5.8, '+Inf': 5.8 }) },
    at: '20m',
    fires: false,
  },
  {
    alert: 'HttpRouteLatencyHigh',
    why: 'the 99th of 100 is the 4th of the 5 between 5 s and 10 s; the route is 1 of 100 requests of the job',
    series: {
      ...requests(200, 6000),
      ...durations({ 5: 5700, 10: 6000, '+Inf': 6000 }),
      ...requests(200, 600_000, '/health'),
      ...durations({ 5: 600_000, 10: 600_000, '+Inf': 600_000 }, '/health'),
    },
    at: '20m',
    fires: {
      labels: { severity: 'ticket', job: 'shop', method: 'GET', path: '/orders' },
      summary: 'GET /orders of shop answers slowly',
      description:
        '1% of the requests to GET /orders took longer than 9s in the last 5 minutes (allowed: 5s). First find out which component method behind the route takes the time.',
    },
  },
  {
    alert: 'HttpRouteLatencyHigh',
    why: '99 of 100 within 5 s',
    series: { ...enough, ...durations({ 2.5: 5400, 5: 5940, 10: 6000, '+Inf': 6000 }) },
    at: '20m',
    fires: false,
  },
];

const called = (status: string) =>
  `http_client_requests_total{job="shop", instance="a", method="GET", host="api.example.com", status="${status}"}`;
const inFlight = 'http_requests_in_flight{job="shop", instance="a"}';

export const alerts: readonly AlertCase[] = [
  ...failures,
  ...latency,
  {
    alert: 'HttpInFlightHigh',
    why: '101 at every scrape',
    series: { [inFlight]: '101x30' },
    at: '15m',
    fires: {
      labels: { severity: 'ticket', job: 'shop', instance: 'a' },
      summary: 'Requests pile up in a of shop',
      description:
        '101 requests were in progress at the same time in the last 5 minutes (allowed: 100). First find out what they wait for: check the slowest component methods and the event-loop lag. Then add instances.',
    },
  },
  { alert: 'HttpInFlightHigh', why: '100 are allowed', series: { [inFlight]: '100x30' }, at: '15m', fires: false },
  {
    alert: 'HttpClientFailuresHigh',
    why: '30% end without a response, or with a 5xx response',
    series: { [called('200')]: '0+42x40', [called('timeout')]: '0+9x40', [called('503')]: '0+9x40' },
    at: '20m',
    fires: {
      labels: { severity: 'ticket', job: 'shop', host: 'api.example.com' },
      summary: 'Requests of shop to api.example.com fail',
      description:
        "30% of the outgoing requests to api.example.com got a 5xx response or no complete response in the last 5 minutes (allowed: 25%). First find out which status they have: 5xx is a fault of that host, refused and dns mean that it can't be reached, timeout that it is too slow.",
    },
  },
  {
    alert: 'HttpClientFailuresHigh',
    why: 'aborted requests and 4xx are no failures',
    series: { [called('200')]: '0+10x40', [called('aborted')]: '0+40x40', [called('404')]: '0+40x40' },
    at: '20m',
    fires: false,
  },
  {
    alert: 'HttpClientFailuresHigh',
    why: '25 requests in 5 minutes are too few',
    series: { [called('refused')]: '0+5x40' },
    at: '20m',
    fires: false,
  },
  { alert: 'HttpInFlightHigh', why: '9 minutes are less than 10', series: { [inFlight]: '101x30' }, at: '9m', fires: false },
];
