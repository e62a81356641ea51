/** The files for the application in a container, with Prometheus and Grafana. */
import type { DashboardNaming, MetricFamily } from '@tsukimi/dashboards';
import { stringify } from 'yaml';
import { dashboardFile, ruleFiles } from '../generate/monitoring-files.js';
import type { RuleSettings } from '../generate/rule-settings.js';
import type { GeneratedFile } from '../output/generated-file.js';
import { readTemplate } from '../templates/read-template.js';

/** The properties of the application that the files need. */
export interface DockerOptions {
  readonly name: string;
  readonly port: number;
  /** The path of the metrics, with a leading slash and no trailing one. */
  readonly metricsPath: string;
  /** The port of the metrics: their own port, or that of the application. */
  readonly metricsPort: number;
  readonly families: readonly MetricFamily[];
  /** The names of requests that the dashboard asks for; undefined for those of the families. */
  readonly naming: DashboardNaming | undefined;
  readonly program: ContainerProgram;
  /** The settings of the rules, except their job. */
  readonly rules?: Omit<RuleSettings, 'jobs'>;
}

/** How the image is built and started. */
export interface ContainerProgram {
  /** `npm run build` */
  readonly build: string;
  /** The folder of the sources. */
  readonly sourceFolder: string;
  /** The file that is started, in a folder that the build makes. */
  readonly entry: string;
}

/** Where the rules are, from the folder of the application. */
export const RULES_FOLDER = 'prometheus/rules';

// Files that users change. The others are generated from the application.
const STARTERS = new Set(['Dockerfile', '.dockerignore']);

/** The files, by path. */
export function dockerFiles({ name, port, metricsPath, metricsPort, naming, families, program, rules }: DockerOptions): GeneratedFile[] {
  const values = {
    COMPOSE_NAME: stringify(composeName(name)).trimEnd(),
    JOB_NAME: JSON.stringify(name),
    PORT: String(port),
    METRICS_PATH: metricsPath,
    METRICS_PORT: String(metricsPort),
    BUILD: program.build,
    SOURCE: program.sourceFolder,
    ENTRY: program.entry,
    OUTPUT: program.entry.split('/')[0] ?? '',
    ...hostPorts(port),
  };
  const fixed = readTemplate('docker', values).map(
    (file): GeneratedFile => ({
      ...file,
      kind: STARTERS.has(file.path) ? 'starter' : 'generated',
    }),
  );
  const dashboard = dashboardFile({ families, naming });
  return [
    ...fixed,
    { ...dashboard, path: `grafana/dashboards/${dashboard.path}` },
    ...ruleFiles({ ...rules, families, jobs: [name] }).map((file) => ({ ...file, path: `${RULES_FOLDER}/${file.path}` })),
  ];
}

/** The ports of Prometheus and Grafana on this machine: their usual ones, or the next one if the application uses it. */
export function hostPorts(port: number): { readonly PROMETHEUS_PORT: string; readonly GRAFANA_PORT: string } {
  const beside = (usual: number) => String(usual === port ? usual + 1 : usual);
  return { PROMETHEUS_PORT: beside(9090), GRAFANA_PORT: beside(3000) };
}

/** @see https://docs.docker.com/reference/compose-file/version-and-name/ */
function composeName(name: string): string {
  const allowed = name
    .toLowerCase()
    .replaceAll(/[^a-z\d_-]+/g, '-')
    .replace(/^[-_]+|-+$/g, '');
  return allowed === '' ? 'application' : allowed;
}
