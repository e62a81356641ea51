/** The manifests: valid by the schemas that Kubernetes and the Prometheus Operator publish, and true of the application that they run. */
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createApplication } from '@tsukimi/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { instrumentedApplication } from '../../../packages/instrumentation/test/support/start.js';
import { projectPath, projectText } from '../../../test/support/project.js';

const FOLDER = 'examples/kubernetes';

interface Validated {
  validate(): void;
}

type Model = new (manifest: Manifest) => Validated;

// Not by `import`, because the declarations of these packages do not pass the compiler's strict checks.
const load = createRequire(import.meta.url);
const modelOf = (file: string, kind: string): Model => (load(file) as Readonly<Record<string, Model>>)[kind] as Model;

const MODELS: Readonly<Record<string, Model>> = {
  ConfigMap: modelOf('kubernetes-models/v1/ConfigMap', 'ConfigMap'),
  Deployment: modelOf('kubernetes-models/apps/v1/Deployment', 'Deployment'),
  PodDisruptionBudget: modelOf('kubernetes-models/policy/v1/PodDisruptionBudget', 'PodDisruptionBudget'),
  Service: modelOf('kubernetes-models/v1/Service', 'Service'),
  ServiceMonitor: modelOf('@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor', 'ServiceMonitor'),
};

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
}

const manifests = readdirSync(projectPath(FOLDER))
  .filter((file) => file.endsWith('.yaml'))
  .flatMap((file) => parseAllDocuments(projectText(`${FOLDER}/${file}`)).map((document) => [file, document.toJS() as Manifest] as const));

function validate(manifest: Manifest): void {
  const Model = MODELS[manifest.kind];
  if (Model === undefined) throw new Error(`${manifest.kind} has no schema here`);
  new Model(manifest).validate();
}

function ofKind<T>(kind: string): T {
  const found = manifests.find(([, manifest]) => manifest.kind === kind)?.[1];
  if (found === undefined) throw new Error(`there is no ${kind}`);
  return found as T;
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

interface Pod {
  readonly metadata: { readonly labels: object; readonly annotations: Readonly<Record<string, string>> };
  readonly spec: {
    readonly terminationGracePeriodSeconds: number;
    readonly containers: readonly {
      readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
      readonly startupProbe: Probe;
      readonly livenessProbe: Probe;
      readonly readinessProbe: Probe;
    }[];
  };
}

interface Settings {
  readonly server: { readonly port: number; readonly shutdown_delay_ms: number; readonly shutdown_timeout_ms: number };
  readonly metrics: { readonly port: number };
}

describe('the schemas', () => {
  test.each(manifests)('%s: accept it', (_, manifest) => {
    validate(manifest);
  });

  test('refuse what Kubernetes would refuse', () => {
    const deployment = ofKind<{ readonly spec: object } & Manifest>('Deployment');
    expect(() => validate({ ...deployment, spec: { ...deployment.spec, replicas: 'three' } } as Manifest)).toThrow(/replicas/);
  });
});

describe('the application', () => {
  const { template: pod } = ofKind<{ readonly spec: { readonly template: Pod } }>('Deployment').spec;
  const container = pod.spec.containers[0] as Pod['spec']['containers'][number];
  const { data } = ofKind<{ readonly data: Readonly<Record<string, string>> }>('ConfigMap');
  const settings = parse(data['application-production.yml'] ?? '') as Settings;
  let origins: Readonly<Record<string, string | null | undefined>>;

  beforeAll(async () => {
    // As it is, but for addresses that are free here.
    const { server, metrics } = settings;
    const configuration = {
      ...settings,
      server: { ...server, host: '127.0.0.1', port: 0, shutdown_delay_ms: 0 },
      metrics: { ...metrics, port: 0 },
    };
    const app = await createApplication(instrumentedApplication([]), {
      configuration: configuration as never,
      environment: {},
      logger: false,
    });
    await app.listen();
    origins = { http: app.fastify.listeningOrigin, metrics: app.fastify.metricsOrigin };
    return () => app.close();
  });

  test.each(['startupProbe', 'livenessProbe', 'readinessProbe'] as const)('answers the %s', async (name) => {
    const { path, port } = container[name].httpGet;
    expect((await fetch(`${origins[port]}${path}`)).status).toBe(200);
  });

  test('has its metrics where Prometheus is sent to, by annotations and by the operator', async () => {
    const { annotations } = pod.metadata;
    const port = (name: string) => container.ports.find((each) => each.name === name)?.containerPort;
    expect([port('http'), port('metrics')]).toEqual([settings.server.port, settings.metrics.port]);
    expect(annotations['prometheus.io/port']).toBe(String(settings.metrics.port));
    const { endpoints } = ofKind<{ readonly spec: { readonly endpoints: readonly { readonly port: string; readonly path: string }[] } }>(
      'ServiceMonitor',
    ).spec;
    expect(endpoints).toEqual([expect.objectContaining({ port: 'metrics', path: annotations['prometheus.io/path'] })]);
    const text = await (await fetch(`${origins['metrics']}${annotations['prometheus.io/path']}`)).text();
    expect(text).toContain('http_requests_in_flight 0');
  });

  test('stops in the time that Kubernetes gives it', () => {
    const { shutdown_delay_ms: delay, shutdown_timeout_ms: limit } = settings.server;
    expect(delay).toBe(5000);
    expect(pod.spec.terminationGracePeriodSeconds * 1000).toBeGreaterThan(delay + limit);
  });

  test('is found by every selector', () => {
    for (const [, manifest] of manifests) {
      const { spec } = manifest as Manifest & { readonly spec?: { readonly selector?: { readonly matchLabels?: object } } };
      if (manifest.kind === 'ServiceMonitor' || spec?.selector === undefined) continue;
      expect(pod.metadata.labels).toMatchObject(spec.selector.matchLabels ?? spec.selector);
    }
  });
});

test('the operator finds the Service of the metrics', () => {
  const monitor = ofKind<{ readonly spec: { readonly selector: { readonly matchLabels: object } } }>('ServiceMonitor');
  const services = manifests
    .filter(([, { kind }]) => kind === 'Service')
    .map(([, manifest]) => (manifest as { readonly metadata?: { readonly labels?: object } }).metadata?.labels);
  expect(services).toContainEqual(monitor.spec.selector.matchLabels);
});
