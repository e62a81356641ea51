/** Queries under the name of OpenTelemetry. */
import { clientCallsOf, httpInstrumentation, type MetricNaming } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { fastify } from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import { instrumentedApplication, start } from '../support/start.js';

const QUERY = {
  kind: 'database',
  system: 'postgresql',
  pool: 'main',
  operation: 'SELECT',
  statement: 'x',
  text: undefined,
  isTraced: false,
} as const;
const NAME = 'db_client_operation_duration_seconds';

function ask(registry: MetricsRegistry, failure?: string): void {
  clientCallsOf(registry).began(QUERY, { elapsedSeconds: 0.5 })?.ended({ failure, error: undefined, statusCode: undefined });
}

async function linesOf(registry: MetricsRegistry): Promise<readonly string[]> {
  return (await registry.expose()).split('\n').filter((line) => line.startsWith(`${NAME}_count`) || line.startsWith(`${NAME}_bucket`));
}

async function registryOfApplication(naming: MetricNaming): Promise<MetricsRegistry> {
  const { app } = await start(instrumentedApplication([]), { configuration: { metrics: { naming } } });
  return app.resolve(MetricsRegistry);
}

test.each(['otel', 'both'] as const)('with %s, each query is recorded, by its operation and its failure', async (naming) => {
  const registry = await registryOfApplication(naming);
  expect(await linesOf(registry)).toEqual([]);
  for (const failure of [undefined, undefined, 'timeout']) ask(registry, failure);
  const lines = await linesOf(registry);
  const labels = 'db_system_name="postgresql",db_operation_name="SELECT"';
  expect(lines.filter((line) => line.includes('_count'))).toEqual([
    `${NAME}_count{${labels}} 2`,
    `${NAME}_count{${labels},error_type="timeout"} 1`,
  ]);
  // The half second before it was told of counts.
  expect(lines).toContain(`${NAME}_bucket{${labels},le="0.1"} 0`);
});

test('with tsukimi, nobody observes', async () => {
  const registry = await registryOfApplication('tsukimi');
  expect(clientCallsOf(registry).isObserved).toBe(false);
});

test('the plugin records them too, once for all servers of a registry', async () => {
  const registry = new MetricsRegistry();
  for (let server = 0; server < 2; server += 1) {
    const app = fastify();
    onTestFinished(() => app.close());
    await app.register(httpInstrumentation, { registry, naming: 'otel', processMetrics: false });
  }
  ask(registry);
  expect((await linesOf(registry)).filter((line) => line.includes('_count'))).toEqual([
    `${NAME}_count{db_system_name="postgresql",db_operation_name="SELECT"} 1`,
  ]);
});
