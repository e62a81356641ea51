/** After a registry was cleared, a series removed or metrics reset, what is recorded is seen again. */
import { setImmediate as turn } from 'node:timers/promises';
import { Counted, Gauged, httpInstrumentation, instrument, Slo, Timed } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import Fastify from 'fastify';
import { describe, expect, test } from 'vitest';
import { callsIn } from './calls/support/calls-in.js';

const LABELS = { component: 'Service', method: 'work' };

class Service {
  readonly open: (() => void)[] = [];
  @Timed({ name: 'work_seconds' })
  @Counted({ name: 'works_total' })
  @Slo({ objective: 99, latencyMs: 1000 })
  work(): string {
    return 'work';
  }
  @Gauged({ name: 'waiting' })
  wait(): Promise<void> {
    return new Promise((resolve) => this.open.push(resolve));
  }
}

const linesOf = async (registry: MetricsRegistry, name: string): Promise<string[]> =>
  (await registry.expose()).split('\n').filter((line) => line.startsWith(name));

const WAYS: readonly (readonly [string, (registry: MetricsRegistry) => void])[] = [
  ['clear()', (registry) => registry.clear()],
  ['resetMetrics()', (registry) => registry.resetMetrics()],
  ['removeSingleMetric() of each', (registry) => registry.instruments.forEach(({ name }) => void registry.removeSingleMetric(name))],
  ['reset() of each', (registry) => registry.instruments.forEach((metric) => void metric.reset())],
];

describe.each(WAYS)('after %s', (_way, lose) => {
  test('an instrumented object is counted on, from 0', async () => {
    const registry = new MetricsRegistry();
    const service = instrument(new Service(), { registry });
    const other = instrument(new Service(), { registry });
    for (let round = 0; round < 3; round += 1) {
      lose(registry);
      service.work();
      other.work();
      expect((await callsIn(registry))['work']).toMatchObject({ success: 2, failure: 0 });
      expect(await linesOf(registry, 'component_calls_total{component="Service",method="work",status="failure"} 0')).toHaveLength(1);
      expect(await linesOf(registry, 'work_seconds_count')).toEqual(['work_seconds_count 2']);
      expect(await linesOf(registry, 'works_total')).toEqual(['works_total{status="success"} 2', 'works_total{status="failure"} 0']);
      expect(await linesOf(registry, 'slo_')).toEqual([
        'slo_objective_ratio{slo="Service.work"} 0.99',
        'slo_latency_threshold_seconds{slo="Service.work"} 1',
        'slo_events_total{slo="Service.work",outcome="good"} 2',
        'slo_events_total{slo="Service.work",outcome="bad"} 0',
      ]);
    }
  });

  test('what is under way stays under way', async () => {
    const registry = new MetricsRegistry();
    const service = instrument(new Service(), { registry });
    void service.wait();
    void service.wait();
    lose(registry);
    void service.wait();
    expect(await linesOf(registry, 'waiting')).toEqual(['waiting 3']);
    lose(registry);
    for (const end of service.open) end();
    await turn();
    expect(await linesOf(registry, 'waiting')).toEqual(['waiting 0']);
  });

  test('requests are counted on', async () => {
    const registry = new MetricsRegistry();
    const fastify = Fastify();
    await fastify.register(httpInstrumentation, { registry, processMetrics: false });
    fastify.get('/a', async () => {
      if (registry.getSingleMetric('lost') === undefined) lose(registry);
      return 'a';
    });
    for (let round = 0; round < 2; round += 1) {
      await fastify.inject('/a');
      await turn();
      expect(await linesOf(registry, 'http_requests_')).toEqual(
        expect.arrayContaining(['http_requests_total{method="GET",path="/a",status="200"} 1', 'http_requests_in_flight 0']),
      );
      expect(await linesOf(registry, 'http_request_duration_seconds_count')).toEqual([
        'http_request_duration_seconds_count{method="GET",path="/a"} 1',
      ]);
      lose(registry);
    }
    await fastify.close();
  });
});

test('one series that was removed comes back with the next call, the others as they were', async () => {
  const registry = new MetricsRegistry();
  const service = instrument(new Service(), { registry });
  service.work();
  const calls = registry.getSingleMetric('component_calls_total') as unknown as { remove(labels: object): void };
  const durations = registry.getSingleMetric('component_duration_seconds') as unknown as { remove(labels: object): void };
  calls.remove({ ...LABELS, status: 'failure' });
  expect(await linesOf(registry, 'component_calls_total{component="Service",method="work"')).toHaveLength(1);
  service.work();
  expect(await linesOf(registry, 'component_calls_total{component="Service",method="work"')).toEqual([
    'component_calls_total{component="Service",method="work",status="success"} 2',
    'component_calls_total{component="Service",method="work",status="failure"} 0',
  ]);
  durations.remove(LABELS);
  service.work();
  expect(await linesOf(registry, 'component_duration_seconds_count{component="Service",method="work"')).toEqual([
    'component_duration_seconds_count{component="Service",method="work"} 1',
  ]);
});

test('another metric under the name is left alone, and the calls go on', async () => {
  const errors: string[] = [];
  const registry = new MetricsRegistry({ onError: ({ code }) => errors.push(code) });
  const service = instrument(new Service(), { registry });
  registry.clear();
  registry.gauge({ name: 'component_calls_total', help: 'another' }).set(7);
  expect([service.work(), service.work()]).toEqual(['work', 'work']);
  expect(await linesOf(registry, 'component_calls_total')).toEqual(['component_calls_total 7']);
  expect(errors).toEqual(['TSK_ERR_METRIC_SHAPE']);
});
