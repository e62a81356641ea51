/** The metrics of an application with several workers: each worker answers with those of all, whatever ends. */
import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { freePort } from '../../../../test/support/free-port.js';
import { waitUntil } from '../../../../test/support/wait-until.js';
import { PATIENT, WorkerProgram } from '../../../core/test/workers/worker-program.js';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const PROGRAM = fileURLToPath(new URL('./fixtures/program.mjs', import.meta.url));
const LIMIT_MS = 300_000;
const EXPORTER = 'app: { version: 1.2.3 }\ncounting: { interval_ms: 1000 }';

// The programs run what is built.
beforeAll(() => promisify(execFile)(join(ROOT, 'node_modules/.bin/tsc'), ['-b', join(ROOT, 'packages/instrumentation')]), LIMIT_MS);

interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly text: string;
}

async function ask(url: string, headers: Record<string, string> = {}): Promise<Answer> {
  // A connection of its own: the next one goes to the next worker.
  // One that a worker had accepted when it was killed is never answered.
  const response = await fetch(url, { headers: { connection: 'close', ...headers }, signal: AbortSignal.timeout(20_000) });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}

/** The value of a sample: `orders_total`, `worker_up{worker="1"}`. */
function sample({ text }: Answer, name: string): number | undefined {
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(name.length + 1));
}

test('counts what all workers have done, in every format, on any worker', { timeout: LIMIT_MS }, async () => {
  await using running = await WorkerProgram.start({ file: PROGRAM, more: EXPORTER });
  const { url } = running;
  await running.waitFor(/^listening \d+$/m, 2);
  // Connections go to the workers by turns, but for one that is slow to take them.
  const orders = new Map<number, number>();
  let count = 0;
  for (; count < 10 || orders.size < 2; count += 1) {
    const { pid } = await running.get<{ pid: number }>('/order');
    orders.set(pid, (orders.get(pid) ?? 0) + 1);
  }

  const scrape = (path = '/metrics/prometheus', headers?: Record<string, string>) => ask(`${url}${path}`, headers);
  /** Asks until a worker has answered with a value, as one is under way that has not been counted yet. */
  const scraped = (name: string, value: number) =>
    waitUntil(
      `${name} ${value}`,
      async () => {
        const answer = await scrape();
        return sample(answer, name) === value ? answer : undefined;
      },
      PATIENT,
    );
  await scraped('http_requests_total{method="GET",path="/order",status="200"}', count);
  // Four times, because the next connection goes to another worker.
  for (let time = 0; time < 4; time += 1) {
    const answer = await scrape();
    expect(sample(answer, 'orders_total')).toBe(count);
    expect(sample(answer, 'open_orders')).toBe(count);
    expect(sample(answer, 'order_size_bytes{quantile="0.5"}')).toBe(100);
    expect(sample(answer, 'component_calls_total{component="Routes",method="order",status="success"}')).toBe(count);
    expect(answer.text).toMatch(/^application_info\{name="program",version="1.2.3",node_version="v[\d.]+"\} 1$/m);
  }
  const first = await scrape();
  const requests = [1, 2].map((worker) => sample(first, `worker_requests_total{worker="${worker}"}`));
  expect(requests.toSorted()).toEqual([...orders.values()].toSorted());
  expect(sample(first, 'worker_up{worker="1"}')).toBe(1);
  expect(sample(first, 'worker_up{worker="2"}')).toBe(1);
  expect(sample(first, 'worker_restarts_total')).toBe(0);
  expect(sample(first, 'worker_snapshot_age_seconds{worker="2"}')).toBeGreaterThanOrEqual(0);
  await waitUntil(
    'the lag of both event loops',
    async () => /worker_event_loop_lag_seconds\{worker="2"\}/.test((await scrape()).text),
    PATIENT,
  );

  for (let time = 0; time < 2; time += 1) {
    expect(await scrape('/metrics/prometheus?name[]=orders_total')).toMatchObject({
      status: 200,
      text: `# HELP orders_total Orders.\n# TYPE orders_total counter\norders_total ${count}\n`,
    });
    const openMetrics = await scrape('/metrics', { accept: 'application/openmetrics-text; version=1.0.0' });
    expect(openMetrics.type).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect(openMetrics.text).toContain(`\norders_total ${count}\n`);
    expect(openMetrics.text.endsWith('# EOF\n')).toBe(true);
    const protobuf = await scrape('/metrics/prometheus', {
      accept: 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited',
    });
    expect(protobuf.text).toContain('orders_total');
    expect(await scrape('/metrics?scope=fleet')).toMatchObject({ status: 400 });
    const compressed = await fetch(`${url}/metrics/prometheus`, { headers: { 'accept-encoding': 'gzip', connection: 'close' } });
    expect(compressed.headers.get('content-encoding')).toBe('gzip');
    expect(await compressed.text()).toContain(`\norders_total ${count}\n`);
  }
  const view = await waitUntil(
    'the last call in the JSON',
    async () => {
      const parsed = JSON.parse((await scrape('/metrics')).text);
      return parsed.instrumentation.components.Routes?.last_called === null ? undefined : parsed;
    },
    PATIENT,
  );
  expect(view).toMatchObject({
    enabled: true,
    instrumentation: {
      system: { memory: { rss_mb: expect.any(Number) } },
      http: { total_requests: count, endpoints: { 'GET /order': { requests: count, errors: 0, last_called: expect.any(String) } } },
      components: {
        Routes: { type: 'controller', calls: count, methods: { order: { calls: count, failures: 0, p95_ms: expect.any(Number) } } },
      },
      custom: { orders_total: { type: 'counter', values: [{ labels: {}, value: count }] } },
    },
    scheduler: { tasks: [], total_tasks: 0 },
  });

  // The exporter runs in the primary. The check of each worker says how it is.
  const exporterIs = (status: string, message: unknown) =>
    waitUntil(
      `an exporter that is ${status}`,
      async () => {
        const { checks } = JSON.parse((await ask(`${url}/health/ready`)).text);
        expect(checks['exporter-counting']).toMatchObject({ status, message });
        return true;
      },
      PATIENT,
    );
  await exporterIs('up', null);
  await writeFile(join(running.folder, 'refuse'), '');
  await exporterIs('down', expect.stringContaining('does not reach the output: Error: the output is refused'));
  await rm(join(running.folder, 'refuse'));
  await exporterIs('up', null);
  expect((await ask(`${url}/health/ready`)).status).toBe(200);

  // While one is blocked, another one answers.
  const blocked = running.get('/block').then(() => 'blocked');
  await running.waitFor(/^blocking \d+$/m);
  const free = Promise.any([1, 2].map(async () => sample(await scrape(), 'orders_total')));
  expect(await Promise.race([free, blocked])).toBe(count);
  await writeFile(join(running.folder, 'unblock'), '');
  await blocked;

  // An uncaught exception loses nothing; the gauges of that worker go.
  await running.get('/crash').catch(() => undefined);
  const [[, crashing] = []] = await running.waitFor(/^crashing (\d+)$/m);
  const crashed = await scraped('orders_total', count + 1000);
  expect(sample(crashed, 'open_orders')).toBe(count - (orders.get(Number(crashing)) ?? 0));
  await running.waitFor(/^listening \d+$/m, 3);
  await scraped('worker_restarts_total', 1);

  // What was there a scrape ago is not lost with a worker that is killed.
  const victim = await running.get<{ pid: number }>('/order');
  await scraped('orders_total', count + 1001);
  process.kill(victim.pid, 'SIGKILL');
  await running.waitFor(/^listening \d+$/m, 4);
  await scraped('worker_restarts_total', 2);
  await running.get('/order');
  await scraped('orders_total', count + 1002);

  // The exporter runs once, and has the last values.
  running.program.signal('SIGTERM');
  expect(await running.program.exited).toEqual({ code: 0, signal: null });
  expect(running.matches(/^exporter in (\d+)$/m).map(([, pid]) => Number(pid))).toEqual([running.program.pid]);
  expect(running.matches(/^exported (\d+)$/m).at(-1)?.[1]).toBe(String(count + 1002));
});

test('with metrics.port, the primary answers, while all workers are blocked too', { timeout: LIMIT_MS }, async () => {
  const port = await freePort();
  const more = `metrics: { port: ${port}, allowed_ips: [127.0.0.1], max_series_per_metric: 50 }\nhealth: { port: metrics }\n${EXPORTER}`;
  await using running = await WorkerProgram.start({ file: PROGRAM, more, server: 'shutdown_delay_ms: 600000' });
  await running.waitFor(/^listening \d+$/m, 2);
  const probe = (kind: string) => ask(`http://127.0.0.1:${port}/health/${kind}`);
  // A busy worker may once answer too late.
  const probeUntil = (kind: string, isAsked: (answer: Answer) => boolean): Promise<Answer> =>
    waitUntil(
      `the probe ${kind}`,
      async () => {
        const answer = await probe(kind);
        return isAsked(answer) ? answer : undefined;
      },
      PATIENT,
    );
  const up = { status: 'up', durationMs: expect.any(Number), message: null, since: expect.any(String) };
  for (const kind of ['live', 'ready', 'startup']) {
    const { status, text } = await probeUntil(kind, (answer) => !answer.text.includes('"down"'));
    const exporters = kind === 'ready' ? { 'worker-1/exporter-counting': up, 'worker-2/exporter-counting': up } : {};
    expect([kind, status, JSON.parse(text)]).toEqual([
      kind,
      200,
      { status: 'up', checks: { 'worker-1': up, 'worker-2': up, ...exporters } },
    ]);
  }
  expect((await ask(`${running.url}/health/live`)).status).toBe(404);
  const metrics = `http://127.0.0.1:${port}/metrics`;
  await running.get('/order');
  await waitUntil('the order', async () => sample(await ask(`${metrics}/prometheus`), 'orders_total') === 1, PATIENT);
  expect((await ask(`${running.url}/metrics`)).status).toBe(404);
  const blocked = Promise.all([running.get('/block'), running.get('/block')]).then(() => 'blocked');
  await running.waitFor(/^blocking \d+$/m, 2);
  const answer = ask(`${metrics}/prometheus`).then((scraped) => sample(scraped, 'orders_total'));
  expect(await Promise.race([answer, blocked])).toBe(1);
  // No worker answers any more.
  for (const kind of ['live', 'ready']) expect(await probe(kind)).toMatchObject({ status: 503 });
  expect((await probe('startup')).status).toBe(200);
  const late = { status: 'down', message: 'did not answer within 1250 ms' };
  expect(JSON.parse((await probe('ready')).text)).toMatchObject({ checks: { 'worker-1': late, 'worker-2': late } });
  const compressed = await fetch(metrics, { headers: { 'accept-encoding': 'gzip' } });
  expect(await compressed.json()).toMatchObject({ instrumentation: { custom: { orders_total: { values: [{ value: 1 }] } } } });
  await writeFile(join(running.folder, 'unblock'), '');
  await blocked;
  await probeUntil('ready', ({ status }) => status === 200);

  // One worker is enough.
  const [victim] = running.matches(/^listening (\d+)$/m).map(([, pid]) => Number(pid));
  process.kill(victim ?? 0, 'SIGSTOP');
  await probeUntil('ready', ({ status, text }) => status === 200 && text.includes('did not answer within 1250 ms'));
  process.kill(victim ?? 0, 'SIGCONT');
  // While the workers serve for a while after a signal, they are alive, and not ready.
  running.program.signal('SIGTERM');
  await probeUntil('ready', ({ text }) => text.includes('is draining'));
  expect((await probe('live')).status).toBe(200);
  expect(await probe('ready')).toMatchObject({ status: 503 });
  const again = setInterval(() => running.program.signal('SIGTERM'), 1500);
  expect(await running.program.exited).toEqual({ code: 1, signal: null });
  clearInterval(again);
});
