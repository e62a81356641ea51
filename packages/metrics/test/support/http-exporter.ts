/** An exporter to the `HttpCollector`, and what is wrong with its siblings. */
import { randomUUID } from 'node:crypto';
import { DeltaReader, type Exporter, type MetricsDelta, MetricsRegistry } from '@tsukimi/metrics';

export interface HttpExporterOptions {
  readonly registry: MetricsRegistry;
  readonly port: number;
  readonly secret: string;
}

export function httpExporter({ registry, port, secret }: HttpExporterOptions): Exporter<MetricsDelta> {
  const reader = new DeltaReader(registry);
  const start = randomUUID();
  return {
    name: 'http',
    target: `http://127.0.0.1:${port}`,
    secrets: [secret, `kit:${secret}`],
    read: () => reader.read(),
    async send(delta, { signal, sequence }) {
      const response = await fetch(`http://127.0.0.1:${port}/`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`kit:${secret}`).toString('base64')}` },
        body: JSON.stringify({ start, sequence, delta }),
        signal,
      });
      const answer = await response.text();
      if (!response.ok) throw new Error(`it answered ${response.status} (${answer})`);
    },
    close: () => reader.close(),
  };
}
