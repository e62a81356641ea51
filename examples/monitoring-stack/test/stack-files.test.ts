/** No container engine, Grafana or Datadog Agent runs here: their files are held against schemas, tools and each other. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { composeErrors } from '../../../test/support/compose-schema.js';
import { projectPath, projectText, projectYaml } from '../../../test/support/project.js';
import { requireBinary } from '../../../test/support/server-binary.js';
import { EXAMPLE } from './support/stack.js';

interface Service {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly profiles?: readonly string[];
  readonly command?: readonly string[];
  readonly ports: readonly string[];
  readonly volumes?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly healthcheck: { readonly test: readonly string[] };
}

interface Compose {
  readonly name: string;
  readonly include?: readonly string[];
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes?: Readonly<Record<string, unknown>>;
}

const at = (path: string) => join(EXAMPLE, path);
const app = projectYaml<Compose>(at('docker-compose.yml'));
const infra = projectYaml<Compose>(at('docker-compose-infra.yml'));
const services: Readonly<Record<string, Service>> = { ...infra.services, ...app.services };
const promtool = requireBinary('promtool');
const amtool = requireBinary('amtool');

/** `127.0.0.1:9125:9125/udp` is 9125. */
const portsOf = (service: Service) => [...new Set(service.ports.map((port) => Number(/:(\d+)(?:\/udp)?$/.exec(port)?.[1])))];

describe('the compose files', () => {
  it('are what the compose specification allows', () => {
    expect(composeErrors(app)).toEqual([]);
    expect(composeErrors(infra)).toEqual([]);
  });

  it('are one project: that of the application includes the infrastructure', () => {
    expect(app.include).toEqual(['docker-compose-infra.yml']);
    expect(app.name).toBe(infra.name);
    expect(Object.keys(app.services)).toEqual(['app']);
  });

  it('have each service on the port that people look for it', () => {
    expect(Object.fromEntries(Object.entries(services).map(([name, service]) => [name, portsOf(service)]))).toEqual({
      app: [8004],
      postgres: [5432],
      'postgres-exporter': [9187],
      'node-exporter': [9100],
      'statsd-exporter': [9102, 9125],
      prometheus: [9090],
      alertmanager: [9093],
      'alert-receiver': [8005],
      grafana: [3000],
      'datadog-agent': [4317, 4318, 8125, 8126],
    });
  });

  it.each(Object.entries(services))('%s has a health check, a pinned image and ports on the loopback only', (_name, service) => {
    expect(service.healthcheck.test[0]).toBe('CMD');
    if (service.build === undefined) expect(service.image).toMatch(/^[\w./-]+:v?\d+\.\d+(\.\d+)?$/);
    else expect(existsSync(projectPath(join(EXAMPLE, service.build.context, service.build.dockerfile)))).toBe(true);
    for (const port of service.ports) expect(port).toMatch(/^127\.0\.0\.1:(\d+):\1(\/udp)?$/);
  });

  it('mount files that exist, read-only, and volumes that they declare', () => {
    const mounts = Object.values(services).flatMap(({ volumes = [] }) => volumes.map((volume) => volume.split(':')));
    const own = mounts.filter(([source]) => source?.startsWith('.'));
    expect(own.length).toBeGreaterThan(4);
    for (const [source = '', , mode] of own) expect([source, existsSync(projectPath(at(source))), mode]).toEqual([source, true, 'ro']);
    const named = mounts.flatMap(([source = '']) => (/^[\w-]+$/.test(source) ? [source] : []));
    expect(named.sort()).toEqual(Object.keys(infra.volumes ?? {}).sort());
    // Nothing of the host can be written.
    expect(mounts.filter(([source, , mode]) => source?.startsWith('/') && !mode?.startsWith('ro'))).toEqual([]);
  });

  it('hold no secret: passwords and keys come from .env, and compose says so where it is missing', () => {
    const example = projectText(at('.env.example'));
    const secrets = Object.values(services).flatMap(({ environment = {} }) =>
      Object.entries(environment).filter(([name]) => /PASS|KEY/.test(name)),
    );
    expect(secrets.length).toBe(7);
    for (const [name, value] of secrets) {
      const [, variable = '', rest] = /^\$\{(\w+)(:.*)\}$/.exec(value) ?? [];
      expect([name, rest]).toEqual([name, name === 'DD_API_KEY' ? ':-' : ':?copy .env.example to .env']);
      expect(example).toMatch(new RegExp(`^${variable}=`, 'm'));
    }
    expect(projectText('.gitignore').split('\n')).toContain('.env');
  });

  it('start the Datadog Agent on request only', () => {
    expect(Object.entries(services).flatMap(([name, { profiles }]) => (profiles === undefined ? [] : [[name, profiles]]))).toEqual([
      ['datadog-agent', ['datadog']],
    ]);
  });
});

describe("the Datadog Agent's labels", () => {
  it.each(['app', 'postgres'])('of %s are JSON: a check with instances, and the source of its logs', (name) => {
    const { labels = {} } = services[name] as Service;
    const checks = JSON.parse(labels['com.datadoghq.ad.checks'] ?? '') as Record<string, { instances: Record<string, unknown>[] }>;
    expect(Object.keys(checks)).toEqual([name === 'app' ? 'openmetrics' : 'postgres']);
    expect(Object.values(checks).map(({ instances }) => instances.length)).toEqual([1]);
    expect(JSON.parse(labels['com.datadoghq.ad.logs'] ?? '')).toEqual([{ source: expect.any(String), service: expect.any(String) }]);
  });

  it('ask for what the Agent has in its environment, and for the user that PostgreSQL gets', () => {
    const label = services['postgres']?.labels?.['com.datadoghq.ad.checks'] ?? '';
    const [, variable = ''] = /%%env_(\w+)%%/.exec(label) ?? [];
    expect(Object.keys(services['datadog-agent']?.environment ?? {})).toContain(variable);
    expect(label).toContain('"username": "monitor"');
    expect(projectText(at('postgres/monitor-user.sh'))).toContain('CREATE ROLE monitor LOGIN');
  });

  it('read the metrics at the port and the path of the application', () => {
    const { server } = projectYaml<{ server: { port: number } }>(at('application.yml'));
    expect(services['app']?.labels?.['com.datadoghq.ad.checks']).toContain(`http://%%host%%:${server.port}/metrics/prometheus`);
  });
});

describe('StatsD', () => {
  it('goes from the application to the StatsD exporter, unless .env names another', () => {
    const { environment = {} } = services['app'] as Service;
    const [host, port] = ['HOST', 'PORT'].map((name) => /:-(.+)\}$/.exec(environment[`TSUKIMI_STATSD_${name}`] ?? '')?.[1]);
    expectService(`${host}:${port}`);
  });

  it('is mapped to names of its own', () => {
    const { mappings } = projectYaml<{ mappings: { match: string; name: string }[] }>(at('statsd/mapping.yml'));
    const { statsd } = projectYaml<{ statsd: { prefix: string } }>(at('application.yml'));
    const names = mappings.map(({ match, name }) => `${statsd.prefix}.http.requests`.replace(new RegExp(`^${match}$`), name));
    expect(names).toEqual(['statsd_http.requests']);
  });
});

describe('OTLP', () => {
  it('goes from the application to the Datadog Agent, once .env asks for it', () => {
    const { environment = {} } = services['app'] as Service;
    const [enabled, endpoint] = ['ENABLED', 'ENDPOINT'].map(
      (name) => /:-(.+)\}$/.exec(environment[`TSUKIMI_OPENTELEMETRY_${name}`] ?? '')?.[1],
    );
    expect(enabled).toBe('false');
    expectService(new URL(endpoint ?? '').host);
  });

  it('is received by the Agent on the ports that it exposes, over gRPC and HTTP', () => {
    const agent = services['datadog-agent'] as Service;
    const received = ['GRPC', 'HTTP'].map((name) => agent.environment?.[`DD_OTLP_CONFIG_RECEIVER_PROTOCOLS_${name}_ENDPOINT`]);
    expect(received).toEqual(['0.0.0.0:4317', '0.0.0.0:4318']);
    expect(portsOf(agent)).toEqual(expect.arrayContaining([4317, 4318]));
  });
});

describe('Dockerfile', () => {
  it('copies what exists, and exposes the port of the application', () => {
    const dockerfile = projectText(at('Dockerfile'));
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources = '']) => sources.split(' '));
    expect(copied).toContain(EXAMPLE);
    for (const source of copied) expect([source, existsSync(projectPath(source))]).toEqual([source, true]);
    expect(/^EXPOSE (\d+)$/m.exec(dockerfile)?.[1]).toBe(String(portsOf(app.services['app'] as Service)[0]));
    expect(dockerfile).toMatch(/^USER node$/m);
    const root = projectText('Dockerfile');
    expect(new Set(dockerfile.match(/^FROM \S+/gm))).toEqual(new Set(root.match(/^FROM \S+/gm)));
  });
});

describe('prometheus', () => {
  it.skipIf(promtool.skipReason)('is configured as promtool accepts it, every lint of the rules as an error', () => {
    const check = (...args: string[]) => execFileSync(promtool.path, ['check', ...args], { encoding: 'utf8' });
    expect(check('config', projectPath(at('prometheus/prometheus.yml')))).toContain('SUCCESS: 2 rule files found');
    const files = readdirSync(projectPath(at('prometheus/rules'))).map((file) => projectPath(at(`prometheus/rules/${file}`)));
    expect(check('rules', '--lint=all', '--lint-fatal', ...files).match(/SUCCESS: \d+ rules found/g)).toHaveLength(files.length);
  });

  it('scrapes every service that has metrics, and sends alerts to the Alertmanager', () => {
    const configuration = projectYaml<{
      scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[];
      alerting: { alertmanagers: { static_configs: { targets: string[] }[] }[] };
    }>(at('prometheus/prometheus.yml'));
    const targets = configuration.scrape_configs.flatMap(({ static_configs }) => static_configs.flatMap((each) => each.targets));
    expect(targets.sort()).toEqual([
      'alertmanager:9093',
      'app:8004',
      'grafana:3000',
      'localhost:9090',
      'node-exporter:9100',
      'postgres-exporter:9187',
      'statsd-exporter:9102',
    ]);
    for (const target of targets) expectService(target.replace('localhost', 'prometheus'));
    for (const { static_configs } of configuration.alerting.alertmanagers)
      for (const each of static_configs) each.targets.forEach(expectService);
  });

  it('has a severity and a summary for every alert', () => {
    const files = readdirSync(projectPath(at('prometheus/rules'))).map((file) =>
      projectYaml<{ groups: { rules: { alert: string; labels: Record<string, string>; annotations: Record<string, string> }[] }[] }>(
        at(`prometheus/rules/${file}`),
      ),
    );
    const rules = files.flatMap(({ groups }) => groups.flatMap((group) => group.rules));
    expect(rules).toHaveLength(11);
    for (const { alert, labels, annotations } of rules) {
      expect([alert, labels['severity']]).toEqual([alert, expect.stringMatching(/^(page|ticket)$/)]);
      expect(Object.keys(annotations)).toEqual(['summary', 'description']);
    }
  });
});

describe('alertmanager', () => {
  const file = projectPath(at('alertmanager/alertmanager.yml'));

  it.skipIf(amtool.skipReason)('is configured as amtool accepts it', () => {
    expect(execFileSync(amtool.path, ['check-config', file], { encoding: 'utf8' })).toContain('SUCCESS');
  });

  it.skipIf(amtool.skipReason).each([
    ['severity=page', 'page'],
    ['severity=ticket', 'ticket'],
    ['severity=unknown', 'ticket'],
  ])('routes %s to %s', (label, receiver) => {
    const routed = execFileSync(amtool.path, ['config', 'routes', 'test', `--config.file=${file}`, label], { encoding: 'utf8' });
    expect(routed.trim()).toBe(receiver);
  });

  it('sends to the receiver of the example', () => {
    for (const url of projectText(at('alertmanager/alertmanager.yml')).matchAll(/url: http:\/\/(\S+)\//g)) expectService(url[1] ?? '');
  });
});

describe('grafana/provisioning', () => {
  const provisioned = <T>(path: string) => projectYaml<T>(at(`grafana/provisioning/${path}`));
  const { datasources } = provisioned<{ datasources: { uid: string; url: string }[] }>('datasources/datasources.yml');
  const { contactPoints } = provisioned<{ contactPoints: { name: string; receivers: { type: string; settings: { url: string } }[] }[] }>(
    'alerting/contact-points.yml',
  );

  it('has data sources and a contact point that are services', () => {
    const urls = [
      ...datasources.map(({ url }) => url),
      ...contactPoints.flatMap(({ receivers }) => receivers.map(({ settings }) => settings.url)),
    ];
    expect(urls).toHaveLength(3);
    for (const url of urls) expectService(new URL(url).host);
  });

  it('loads the dashboards from the folder that is mounted', () => {
    const { providers } = provisioned<{ providers: { options: { path: string } }[] }>('dashboards/dashboards.yml');
    const mounts = services['grafana']?.volumes ?? [];
    for (const { options } of providers) expect(mounts).toContain(`./grafana/dashboards:${options.path}:ro`);
    const home = services['grafana']?.environment?.['GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH'] ?? '';
    expect(existsSync(projectPath(at(home.replace('/var/lib/grafana/', 'grafana/'))))).toBe(true);
  });

  it('sends alerts to the contact point that it has', () => {
    const { policies } = provisioned<{ policies: { receiver: string }[] }>('alerting/policies.yml');
    expect(policies.map(({ receiver }) => receiver)).toEqual(contactPoints.map(({ name }) => name));
  });

  it('has an alert whose condition is one of its queries, each of a data source that exists', () => {
    const text = projectText(at('grafana/provisioning/alerting/rules.yml'));
    const { groups } = provisioned<{
      groups: {
        rules: { condition: string; data: { refId: string; datasourceUid: string; model: { refId: string; expression?: string } }[] }[];
      }[];
    }>('alerting/rules.yml');
    const rules = groups.flatMap((group) => group.rules);
    expect(rules).toHaveLength(1);
    const known = [...datasources.map(({ uid }) => uid), '__expr__'];
    for (const { condition, data } of rules) {
      const refIds = data.map(({ refId }) => refId);
      expect(refIds).toContain(condition);
      for (const { refId, datasourceUid, model } of data) {
        expect(model.refId).toBe(refId);
        expect(known).toContain(datasourceUid);
        if (datasourceUid === '__expr__') expect(refIds).toContain(model.expression);
      }
    }
    // Grafana replaces $words in these files by its environment.
    expect(text).not.toContain('$');
  });
});

/** `prometheus:9090` is a service, and has that port. */
function expectService(address: string): void {
  const [name = '', port] = address.split(':');
  expect([address, services[name] === undefined ? [] : portsOf(services[name])]).toEqual([address, expect.arrayContaining([Number(port)])]);
}
