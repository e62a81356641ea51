/** No container engine runs here: what docker-compose.yml says is held against the files it speaks of. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { composeErrors } from './support/compose-schema.js';
import { projectPath, projectText, projectYaml } from './support/project.js';
import { requireBinary } from './support/server-binary.js';

interface Service {
  readonly image?: string;
  readonly command?: readonly string[];
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly ports: readonly string[];
  readonly volumes?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck: { readonly test: readonly string[] };
}

interface Compose {
  readonly services: Readonly<Record<'demo' | 'prometheus' | 'grafana', Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

interface ScrapeJob {
  readonly job_name: string;
  readonly metrics_path?: string;
  readonly static_configs: readonly { readonly targets: readonly string[] }[];
}

interface DemoConfiguration {
  readonly server: { readonly host: string; readonly port: number };
  readonly metrics: { readonly path: string; readonly allowed_ips: readonly string[] };
}

const compose = projectYaml<Compose>('docker-compose.yml');
const demo = projectYaml<DemoConfiguration>('examples/instrumentation-demo/application.yml');
const scrapeJobs = projectYaml<{ readonly scrape_configs: readonly ScrapeJob[] }>('prometheus.yml').scrape_configs;
const dockerfile = projectText('Dockerfile');
const services = Object.entries(compose.services);
const mounts = services.flatMap(([service, { volumes = [] }]) => volumes.map((volume) => toMount(service, volume)));

function toMount(service: string, volume: string) {
  const [source = '', target = '', mode] = volume.split(':');
  return { service, source, target, mode };
}

function containerPort(service: Service): string | undefined {
  return service.ports[0]?.split(':').at(-1);
}

describe('docker-compose.yml', () => {
  it('is what the compose specification allows', () => {
    expect(composeErrors(compose)).toEqual([]);
    expect(composeErrors({ services: { demo: { ...compose.services.demo, port: ['8000:8000'] } } })).not.toEqual([]);
  });

  it('has three services', () => {
    expect(Object.keys(compose.services)).toEqual(['demo', 'prometheus', 'grafana']);
  });

  it.each(services)('%s has a health check, is pinned to a full version and is bound to the loopback', (_name, service) => {
    expect(service.healthcheck.test[0]).toBe('CMD');
    const images = service.image === undefined ? [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image) : [service.image];
    expect(images.length).toBeGreaterThan(0);
    for (const image of images) expect(image).toMatch(/^[\w./-]+:v?\d+\.\d+\.\d+(-[\w-]+)?$/);
    expect(service.ports.length).toBe(1);
    for (const port of service.ports) expect(port).toMatch(/^127\.0\.0\.1:(\d+):\1$/);
  });

  it('mounts files that exist, read-only, and volumes that it declares', () => {
    expect(mounts.length).toBeGreaterThan(0);
    for (const { source, mode } of mounts) {
      if (source.startsWith('.')) expect([source, existsSync(projectPath(source)), mode]).toEqual([source, true, 'ro']);
      else expect(Object.keys(compose.volumes)).toContain(source);
    }
    expect(Object.keys(compose.volumes).sort()).toEqual(mounts.flatMap(({ source }) => (source.startsWith('.') ? [] : [source])).sort());
  });

  it('holds no secret: the one password comes from the environment', () => {
    const secrets = services
      .flatMap(([, { environment = {} }]) => Object.entries(environment))
      .filter(([name]) => /PASSWORD|TOKEN|SECRET/.test(name));
    expect(secrets).toEqual([['GF_SECURITY_ADMIN_PASSWORD', expect.stringMatching(/^\$\{GRAFANA_ADMIN_PASSWORD:-\w+\}$/)]]);
  });

  it("asks for the demo's health where the demo answers", () => {
    const url = `'http://127.0.0.1:${demo.server.port}${demo.metrics.path}'`;
    expect(compose.services.demo.healthcheck.test.at(-1)).toContain(url);
    expect(dockerfile).toContain(url);
  });

  it('opens the demo to the other containers, whose addresses its allowlist has', () => {
    expect(demo.server.host).toBe('127.0.0.1');
    expect(compose.services.demo.environment?.['TSUKIMI_SERVER_HOST']).toBe('0.0.0.0');
    expect(demo.metrics.allowed_ips).toEqual(['127.0.0.1', '::1', '172.16.0.0/12', '192.168.0.0/16']);
  });
});

describe('Dockerfile', () => {
  it('is the one that docker-compose.yml builds from, with a context that exists', () => {
    const { context = '', dockerfile: file = '' } = compose.services.demo.build ?? {};
    expect(statSync(projectPath(context)).isDirectory()).toBe(true);
    expect(projectPath(join(context, file))).toBe(projectPath('Dockerfile'));
  });

  it('copies from the project what exists and what .dockerignore lets through', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources = '']) => sources.split(' '));
    expect(copied.length).toBeGreaterThan(0);
    const letThrough = projectText('.dockerignore')
      .split('\n')
      .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
    for (const source of copied) {
      expect([source, existsSync(projectPath(source))]).toEqual([source, true]);
      expect(letThrough).toContain(source.split('/')[0]);
    }
  });

  it('exposes the port of the demo and does not run as root', () => {
    expect(/^EXPOSE (\d+)$/m.exec(dockerfile)?.[1]).toBe(String(demo.server.port));
    expect(containerPort(compose.services.demo)).toBe(String(demo.server.port));
    expect(dockerfile).toMatch(/^USER node$/m);
  });
});

describe('prometheus.yml', () => {
  const promtool = requireBinary('promtool');

  it.skipIf(promtool.skipReason)('is accepted by promtool', () => {
    const output = execFileSync(promtool.path, ['check', 'config', projectPath('prometheus.yml')], { encoding: 'utf8' });
    expect(output).toContain('SUCCESS');
  });

  it('is read by a Prometheus that keeps native histograms, by the switch that its version has', () => {
    const { image = '', command = [] } = compose.services.prometheus;
    const [, major, minor] = /:v(\d+)\.(\d+)\./.exec(image)?.map(Number) ?? [];
    // From 3.9 on, the flag does nothing, and prometheus.yml has to say it.
    expect([major, (minor ?? 0) < 9]).toEqual([3, true]);
    expect(command).toContain('--enable-feature=native-histograms');
    const template = projectText('packages/cli/templates/docker/docker-compose.yml');
    expect(template).toContain(`image: ${image}`);
    expect(template).toContain('\n      - --enable-feature=native-histograms\n');
  });

  it('is the file that Prometheus is started with', () => {
    expect(mounts).toContainEqual({
      service: 'prometheus',
      source: './prometheus.yml',
      target: '/etc/prometheus/prometheus.yml',
      mode: 'ro',
    });
  });

  it('finds the rules, from its own folder, here and in the container', () => {
    const { rule_files: patterns } = projectYaml<{ readonly rule_files: readonly string[] }>('prometheus.yml');
    expect(patterns).toEqual(['prometheus/rules/*.yml']);
    expect(readdirSync(projectPath('prometheus/rules')).sort()).toEqual(
      ['components', 'http', 'metrics', 'process', 'scheduler', 'scrape', 'slo'].map((name) => `${name}.yml`),
    );
    expect(mounts).toContainEqual({
      service: 'prometheus',
      source: './prometheus/rules',
      target: '/etc/prometheus/prometheus/rules',
      mode: 'ro',
    });
  });

  it.skipIf(promtool.skipReason)('has rules that promtool accepts, every lint as an error', () => {
    const folder = projectPath('prometheus/rules');
    const files = readdirSync(folder).map((file) => join(folder, file));
    const output = execFileSync(promtool.path, ['check', 'rules', '--lint=all', '--lint-fatal', ...files], { encoding: 'utf8' });
    expect(output.match(/SUCCESS: \d+ rules found/g)).toHaveLength(files.length);
  });

  it('scrapes the demo at the port and the path that its application.yml says, and itself', () => {
    expect(scrapeJobs).toEqual([
      {
        job_name: 'demo',
        metrics_path: `${demo.metrics.path}/prometheus`,
        static_configs: [{ targets: [`demo:${demo.server.port}`] }],
      },
      { job_name: 'prometheus', static_configs: [{ targets: [`localhost:${containerPort(compose.services.prometheus)}`] }] },
    ]);
  });
});

describe('grafana/provisioning', () => {
  it('points at the Prometheus of docker-compose.yml', () => {
    const { datasources } = projectYaml<{ datasources: readonly { url: string; type: string }[] }>(
      'grafana/provisioning/datasources/prometheus.yml',
    );
    const port = containerPort(compose.services.prometheus);
    expect(datasources.map(({ type, url }) => [type, url])).toEqual([['prometheus', `http://prometheus:${port}`]]);
  });

  it('loads the dashboards from the folder that is mounted', () => {
    const folder = 'grafana/provisioning/dashboards';
    const files = readdirSync(projectPath(folder));
    expect(files).toEqual(['tsukimi.yml']);
    const { providers } = projectYaml<{ providers: readonly { options: { path: string } }[] }>(join(folder, 'tsukimi.yml'));
    const targets = mounts.filter(({ service }) => service === 'grafana').map(({ source, target }) => [target, source]);
    for (const { options } of providers) expect(targets).toContainEqual([options.path, './grafana/dashboards']);
    expect(targets).toContainEqual(['/etc/grafana/provisioning', `./${dirname(folder)}`]);
  });
});
