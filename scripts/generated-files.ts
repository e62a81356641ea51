/** What `npm run dashboards` writes: Grafana's dashboard and Prometheus's rules for the demo that docker-compose.yml starts, and the dashboards of the monitoring stack. */
import {
  buildDashboard,
  buildRules,
  catalogueFamilies,
  dashboardJson,
  familiesOfRegistry,
  type MetricFamily,
  mergeFamilies,
} from '@tsukimi/dashboards';
import { createApplication, InstrumentationProvider } from 'tsukimi';
import { DemoApplication } from '../examples/instrumentation-demo/dist/application.js';
import { stackDashboards } from '../examples/monitoring-stack/dist/dashboards/all-dashboards.js';

export interface GeneratedFile {
  /** From the root of the project. */
  readonly path: string;
  readonly text: string;
}

const STACK_FOLDER = 'examples/monitoring-stack/grafana/dashboards';

/** The folders whose files of that kind are all generated. */
export const GENERATED: readonly { readonly folder: string; readonly extension: string }[] = [
  { folder: 'grafana/dashboards', extension: '.json' },
  { folder: 'prometheus/rules', extension: '.yml' },
  { folder: STACK_FOLDER, extension: '.json' },
];

/** The same texts each time, until the catalogue, the panels, the rules or the demo's metrics change. */
export async function generatedFiles(): Promise<GeneratedFile[]> {
  const { started, used } = await demoFamilies();
  const rules = buildRules({ families: mergeFamilies(catalogueFamilies(), started) });
  return [
    { path: 'grafana/dashboards/tsukimi.json', text: dashboardJson(buildDashboard({ families: used.map(withoutSeries) })) },
    ...rules.map(({ fileName, text }) => ({ path: `prometheus/rules/${fileName}`, text })),
    ...Object.entries(stackDashboards).map(([name, dashboard]) => ({
      path: `${STACK_FOLDER}/${name}.json`,
      text: dashboardJson(dashboard),
    })),
  ];
}

/** What the demo exposes: its objectives once it has started, and the metrics of its own once it has been used. */
async function demoFamilies(): Promise<{ readonly started: MetricFamily[]; readonly used: MetricFamily[] }> {
  await using application = await createApplication(DemoApplication, { configuration: {}, logger: false });
  const { registry } = application.resolve(InstrumentationProvider);
  const started = await familiesOfRegistry(registry);
  for (const request of REQUESTS) {
    const { statusCode } = await application.inject(request);
    if (statusCode >= 400) throw new Error(`The demo answered ${request.method} ${request.url} with ${statusCode}.`);
  }
  return { started, used: await familiesOfRegistry(registry) };
}

/** Counters of `recordMetric` exist from their first use on: each of the demo's is used by one of these. */
const REQUESTS = [
  { method: 'POST', url: '/api/users', payload: { username: 'tsuki', email: 'tsuki@example.com' } },
  { method: 'POST', url: '/api/orders', payload: { user_id: 1, product_type: 'lamp', amount: 2.5, region: 'eu' } },
  { method: 'GET', url: '/api/orders' },
  { method: 'GET', url: '/api/orders/revenue' },
] as const;

/** A dashboard for everything, not only for what has been recorded before the first request. */
function withoutSeries(family: MetricFamily): MetricFamily {
  return { ...family, series: [] };
}
