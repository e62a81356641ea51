/** Pushing to the real Pushgateway, and to ones that are down, slow or unwilling. */
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { type PushOptions, pushMetrics, startPushing } from '@tsukimi/metrics';
import * as promClient from 'prom-client';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../../../test/support/free-port.js';
import { requireBinary } from '../../../../test/support/server-binary.js';
import { openRegistry, untyped } from '../support/open-registry.js';
import { type Pushgateway, startPushgateway } from '../support/pushgateway.js';

const binary = requireBinary('prometheus-pushgateway');

function rows(count = 3) {
  const opened = openRegistry();
  opened.registry.counter({ name: 'rows_total', help: 'Rows.', labelNames: ['table'] }).inc({ table: 'orders' }, count);
  return opened;
}

/** A server that answers as it is told, and what it was asked. */
async function serverOf(answer: RequestListener) {
  const asked: { method: string | undefined; url: string | undefined; authorization: string | undefined; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    // A push that was given up may break off: its request is not complete then, and nothing was asked.
    request.on('error', () => undefined);
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      asked.push({ method: request.method, url: request.url, authorization: request.headers.authorization, body });
      answer(request, response);
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { asked, host: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** The error that a push fails with. */
async function failureOf(options: PushOptions): Promise<Error & { readonly code?: string }> {
  return pushMetrics(options).then(
    () => {
      throw new Error('The push was expected to fail.');
    },
    (error: Error) => error,
  );
}

describe.skipIf(binary.skipReason)('the real Pushgateway', () => {
  let gateway: Pushgateway;
  beforeAll(async () => {
    gateway = await startPushgateway(binary.path);
  });
  afterAll(() => gateway?.[Symbol.asyncDispose]());

  const linesOfJob = async (job: string) => (await gateway.lines()).filter((line) => line.includes(`job="${job}"`));

  test('takes every kind', async () => {
    const { registry } = rows();
    registry.gauge({ name: 'size_bytes', help: 'S.' }).set(5);
    registry.histogram({ name: 'wait_seconds', help: 'W.', buckets: [1] }).observe(0.5);
    registry.summary({ name: 'late_seconds', help: 'L.', quantiles: [0.5] }).observe(2);
    registry.info({ name: 'job_info', help: 'I.', labelNames: ['version'] }).set({ version: '"1"\n' });
    registry.stateSet({ name: 'job_state', help: 'S.', states: ['done', 'failed'] }).set('done');
    new promClient.Counter({ name: 'theirs_total', help: 'T.', registers: [registry] }).inc();
    await pushMetrics({ url: gateway.url, job: 'kinds', registry });
    expect(await linesOfJob('kinds')).toEqual([
      'job_info{instance="",job="kinds",version="\\"1\\"\\n"} 1',
      'job_state{instance="",job="kinds",job_state="done"} 1',
      'job_state{instance="",job="kinds",job_state="failed"} 0',
      'late_seconds{instance="",job="kinds",quantile="0.5"} 2',
      'late_seconds_sum{instance="",job="kinds"} 2',
      'late_seconds_count{instance="",job="kinds"} 1',
      'rows_total{instance="",job="kinds",table="orders"} 3',
      'size_bytes{instance="",job="kinds"} 5',
      'theirs_total{instance="",job="kinds"} 1',
      'wait_seconds_bucket{instance="",job="kinds",le="1"} 1',
      'wait_seconds_bucket{instance="",job="kinds",le="+Inf"} 1',
      'wait_seconds_sum{instance="",job="kinds"} 0.5',
      'wait_seconds_count{instance="",job="kinds"} 1',
    ]);
  });

  test('push replaces the group, add only what has the same name', async () => {
    const { registry } = rows(1);
    await pushMetrics({ url: gateway.url, job: 'methods', registry });
    const { registry: other } = openRegistry();
    other.gauge({ name: 'other', help: 'O.' }).set(7);
    await pushMetrics({ url: gateway.url, job: 'methods', registry: other, method: 'add' });
    expect(await linesOfJob('methods')).toEqual([
      'other{instance="",job="methods"} 7',
      'rows_total{instance="",job="methods",table="orders"} 1',
    ]);
    await pushMetrics({ url: gateway.url, job: 'methods', registry: other });
    expect(await linesOfJob('methods')).toEqual(['other{instance="",job="methods"} 7']);
  });

  test('is pushed to again and again, until it stops', async () => {
    const { registry } = rows(1);
    const counter = registry.counter({ name: 'rows_total', help: '', labelNames: ['table'] });
    const loop = startPushing({ url: gateway.url, job: 'again', registry, intervalMs: 50 });
    await expect.poll(() => linesOfJob('again')).toContain('rows_total{instance="",job="again",table="orders"} 1');
    counter.inc({ table: 'orders' }, 4);
    expect(await loop.stop()).toBe(true);
    const lines = await linesOfJob('again');
    expect(lines).toContain('rows_total{instance="",job="again",table="orders"} 5');
    expect(lines).toContain('exporter_up{exporter="pushgateway",instance="",job="again"} 1');
  });

  test.each([['nightly report'], ['a/b'], ['..'], ['.'], ['ü🌕'], ['50%'], ['?x=1#y'], ['a+b&c']])(
    'job and groupings of %j',
    async (text) => {
      const { registry } = openRegistry();
      registry.gauge({ name: 'value', help: 'V.' }).set(1);
      await pushMetrics({ url: `${gateway.url}/`, job: text, groupings: { instance: text, empty: '', number: 5 }, registry });
      const line = (await gateway.lines()).find((candidate) => candidate.includes(`job="${text}"`));
      expect(line).toBe(`value{empty="",instance="${text}",job="${text}",number="5"} 1`);
    },
  );

  test('what it refuses is not tried again, and its words are in the error', async () => {
    const { registry } = openRegistry();
    // The gateway has a gauge of that name itself.
    registry.histogram({ name: 'go_goroutines', help: 'Goroutines.' }).observe(1);
    const error = await failureOf({ url: gateway.url, job: 'refused', registry });
    expect(error.code).toBe('TSK_ERR_PUSH_FAILED');
    expect(error.message).toMatch(
      /^The metrics of job "refused" were not pushed to http:\/\/127\.0\.0\.1:\d+: it answered 400 \(pushed metrics are invalid or inconsistent.*\), at the only attempt\. Correct what the response names/,
    );
  });
});

test('down: tried again, then said, with the cause', async () => {
  const port = await freePort();
  const { registry, errors } = rows();
  const error = await failureOf({ url: `http://127.0.0.1:${port}`, job: 'nightly', registry, retries: 2, retryDelayMs: 1 });
  expect(error.code).toBe('TSK_ERR_PUSH_FAILED');
  expect(error.message).toBe(
    `The metrics of job "nightly" were not pushed to http://127.0.0.1:${port}: Error: connect ECONNREFUSED 127.0.0.1:${port}, at the last of 3 attempts. Start a Pushgateway at this URL, correct the url, or raise timeoutMs.`,
  );
  expect(error.cause).toBeInstanceOf(TypeError);
  expect(errors).toEqual([]);
});

test.each([[500], [503], [429], [408]])('status %i is tried again; what gets through counts', async (status) => {
  let answers = 0;
  const { asked, host } = await serverOf((_, response) => {
    answers += 1;
    response.writeHead(answers < 3 ? status : 200).end('wait\n  a bit');
  });
  const { registry } = rows();
  await pushMetrics({ url: `http://${host}/base/`, job: 'nightly', registry, retryDelayMs: 1 });
  expect(asked.map(({ method, url }) => [method, url])).toEqual(Array(3).fill(['PUT', '/base/metrics/job/nightly']));
  expect(asked[2]?.body).toBe(await registry.expose());
});

test('each attempt has the values of its time', async () => {
  const { registry } = rows(1);
  const counter = registry.counter({ name: 'rows_total', help: '', labelNames: ['table'] });
  const { asked, host } = await serverOf((_, response) => {
    counter.inc({ table: 'orders' });
    response.writeHead(counter.labels('orders').value < 3 ? 500 : 200).end();
  });
  await pushMetrics({ url: `http://${host}`, job: 'nightly', registry, retryDelayMs: 1 });
  expect(asked.map(({ body }) => /orders"\} (\d)/.exec(body)?.[1])).toEqual(['1', '2']);
});

test('pauses double', async () => {
  const times: number[] = [];
  const { host } = await serverOf((_, response) => {
    times.push(performance.now());
    response.writeHead(500).end();
  });
  await failureOf({ url: `http://${host}`, job: 'nightly', registry: rows().registry, retries: 2, retryDelayMs: 40 });
  const pauses = times.slice(1).map((time, index) => time - (times[index] as number));
  expect(pauses[0]).toBeGreaterThanOrEqual(39);
  expect(pauses[1]).toBeGreaterThanOrEqual(79);
});

test('one that never answers is given up', async () => {
  const { asked, host } = await serverOf(() => undefined);
  const error = await failureOf({
    url: `http://${host}`,
    job: 'nightly',
    registry: rows().registry,
    retries: 1,
    retryDelayMs: 1,
    // Enough for the server to read each request, also on a busy machine.
    timeoutMs: 300,
  });
  expect(error.message).toContain('TimeoutError: The operation was aborted due to timeout, at the last of 2 attempts.');
  expect(asked).toHaveLength(2);
});

test('a gateway that refuses is said by the loop with its answer, once and without credentials', async () => {
  const { host } = await serverOf((_, response) => response.writeHead(401).end('no access'));
  const { registry, errors } = rows();
  const loop = startPushing({ url: `http://ann:geheim@${host}`, job: 'again', registry, intervalMs: 10, retryDelayMs: 5 });
  expect(await loop.flush()).toBe(false);
  expect(await loop.flush()).toBe(false);
  expect(errors.map(({ message }) => message)).toEqual([
    `The exporter pushgateway does not reach http://${host}: Error: it answered 401 (no access). What is recorded is kept and sent when a push succeeds; start the other side, or correct its address and credentials.`,
  ]);
  await loop.stop({ timeoutMs: 0 });
});

describe('user and password in the url', () => {
  test('are sent, and in no message', async () => {
    const { asked, host } = await serverOf((_, response) => response.writeHead(401).end('no'));
    const url = `http://ann:p%40ss%2Fw%25@${host}/gate?token=geheim`;
    const error = await failureOf({ url, job: 'nightly', registry: rows().registry });
    expect(asked).toHaveLength(1);
    expect(asked[0]?.authorization).toBe(`Basic ${Buffer.from('ann:p@ss/w%').toString('base64')}`);
    expect(asked[0]?.url).toBe('/gate/metrics/job/nightly?token=geheim');
    expect(error.message).toContain(`to http://${host}/gate: it answered 401 (no), at the only attempt. Add user and password to the url`);
    expect(`${error.message} ${error.stack} ${String(error.cause)}`).not.toMatch(/p%40ss|p@ss|geheim/);
  });

  test('a per cent sign that is meant as one', async () => {
    const { asked, host } = await serverOf((_, response) => response.writeHead(200).end());
    await pushMetrics({ url: `http://ann:100%@${host}`, job: 'nightly', registry: rows().registry });
    expect(asked[0]?.authorization).toBe(`Basic ${Buffer.from('ann:100%').toString('base64')}`);
  });

  test.each(['ann:secret@gateway:9091', 'http://ann:secret@gate way:9091', 'http://ann:sec/ret@x:port', 'ftp://ann:secret@gateway'])(
    'are not shown where the rest is no url: %s',
    async (url) => {
      const error = await failureOf({ url, job: 'nightly', registry: rows().registry });
      expect(error.code).toBe('TSK_ERR_REMOTE_URL');
      expect(error.message).not.toMatch(/sec|ret@/);
      expect(error.message).toContain(`url is a text of ${url.length} characters;`);
    },
  );
});

test.each<[object, string]>([
  [{ url: undefined }, 'url is undefined; a URL such as http://localhost:9091 is expected.'],
  [{ url: 'gateway' }, 'url is a text of 7 characters;'],
  [{ job: '' }, 'job is ""; a name such as "nightly-report" is expected.'],
  [{ job: undefined }, 'job is undefined;'],
  [{ groupings: { job: 'x' } }, 'groupings.job is a text of 1 character; the option job, and no grouping of that name is expected.'],
  [{ method: 'delete' }, 'method is a text of 6 characters; "push" or "add" is expected.'],
  [{ method: 'toString' }, 'method is a text of 8 characters;'],
  [{ retries: -1 }, 'retries is -1; a whole number from 0 to 20 is expected.'],
  [{ retries: 1e9 }, 'retries is 1000000000;'],
  [{ retryDelayMs: Number.NaN }, 'retryDelayMs is NaN;'],
  [{ timeoutMs: 0 }, 'timeoutMs is 0; a whole number of milliseconds is expected.'],
  [{ registry: undefined }, 'registry is undefined; a MetricsRegistry is expected.'],
])('%j is refused', async (options, message) => {
  const error = await failureOf(untyped({ url: 'http://127.0.0.1:9', job: 'nightly', registry: rows().registry, ...options }));
  expect(error.code).toBe('url' in options ? 'TSK_ERR_REMOTE_URL' : 'TSK_ERR_PUSH_OPTION');
  expect(error.message).toContain(message);
});

test('a grouping that is no label name is refused', async () => {
  const options = { url: 'http://127.0.0.1:9', job: 'nightly', registry: rows().registry, groupings: { 'a-b': 'x' } };
  expect((await failureOf(options)).code).toBe('TSK_ERR_METRIC_LABEL_NAME');
});

describe('a gateway whose answer is of no use', () => {
  const PUSH = { job: 'nightly', retries: 0, timeoutMs: 2_000 };
  const half = gzipSync('x'.repeat(100_000)).subarray(0, 60);

  const ANSWERS: readonly [string, RequestListener, string][] = [
    ['breaks its gzip', (_, response) => response.setHeader('content-encoding', 'gzip').end('no gzip'), ''],
    ['breaks off its gzip', (_, response) => response.setHeader('content-encoding', 'gzip').end(half), ''],
    ['never ends its gzip', (_, response) => void response.setHeader('content-encoding', 'gzip').write(half), ''],
    ['never ends', (_, response) => void response.write('busy'), ''],
    ['never stops', (_, response) => pour(response), ''],
  ];

  test.each(ANSWERS)('and %s has taken the push where its status says so', async (_, answer) => {
    const { host, asked } = await serverOf(answer);
    await pushMetrics({ ...PUSH, registry: rows().registry, url: `http://${host}` });
    expect(asked.length).toBe(1);
  });

  test.each(ANSWERS)('and %s is told of by its status, within the time limit', async (_, answer) => {
    const { host } = await serverOf((request, response) => {
      response.statusCode = 503;
      answer(request, response);
    });
    const began = performance.now();
    const error = await failureOf({ ...PUSH, timeoutMs: 1_000, registry: rows().registry, url: `http://${host}` });
    expect(error.message).toContain('503');
    // Three seconds are for a busy machine.
    expect(performance.now() - began).toBeLessThan(4_000);
  });
});

/** Writes for as long as somebody listens. */
function pour(response: ServerResponse): void {
  while (!response.destroyed && response.write('x'.repeat(10_000)));
  response.once('drain', () => pour(response));
}
