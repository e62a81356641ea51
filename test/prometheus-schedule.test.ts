/** The demo's scheduled task, as a real Prometheus sees it succeed and fail. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoProgram, startDemoProgram } from './support/demo-program.js';
import { type PrometheusServer, startPrometheus } from './support/prometheus-server.js';
import { scrapeConfiguration } from './support/scrape-configuration.js';
import { requireBinary } from './support/server-binary.js';
import { waitUntil } from './support/wait-until.js';

const prometheusBinary = requireBinary('prometheus');
const TASK = 'ReconciliationService.reconcile';

describe.skipIf(prometheusBinary.skipReason)("the demo's reconciliation, scraped by a real Prometheus", () => {
  let demo: DemoProgram;
  let prometheus: PrometheusServer;

  beforeAll(async () => {
    demo = await startDemoProgram();
    prometheus = await startPrometheus(prometheusBinary.path, scrapeConfiguration(demo.target));
  });

  afterAll(async () => {
    await prometheus?.stop();
    await demo?.program.stop();
  });

  async function valuesByStatus(metric: string): Promise<Record<string, number>> {
    const samples = await prometheus.query(metric);
    return Object.fromEntries(samples.map(({ labels, value }) => [labels['status'] ?? '', Number(value)]));
  }

  const executions = () => valuesByStatus(`scheduler_task_executions_total{task="${TASK}"}`);

  it('runs at the start, and fails ten seconds later because of an order that was let in meanwhile', async () => {
    expect(await waitUntil('the first run', async () => (await executions())['success'] === 1 && executions())).toEqual({
      success: 1,
      failure: 0,
    });
    await send('/api/users', { username: 'tsuki', email: 'tsuki@example.com' });
    await send('/api/orders', { user_id: 1, product_type: 'lamp', amount: -1, region: 'eu' });
    const after = await waitUntil('the second run', async () => (await executions())['failure'] === 1 && executions());
    expect(after).toEqual({ success: 1, failure: 1 });
    expect(await valuesByStatus('component_calls_total{component="ReconciliationService"}')).toEqual(after);
    expect(await valuesByStatus('scheduler_task_duration_seconds_count')).toEqual({ '': 2 });
    expect(await valuesByStatus('scheduler_tasks_running')).toEqual({ '': 0 });
  });

  async function send(path: string, body: unknown): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    const { status } = await fetch(`${demo.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    expect(status).toBe(201);
  }
});
