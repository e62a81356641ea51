/** What `npm run dashboards` writes: Grafana's dashboard and Prometheus's rules for the demo that docker-compose.yml starts. */
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

export interface GeneratedFile {
  /** From the root of the project. */
  readonly path: string;
  readonly text: string;
}

/** The folders whose files of that kind are all generated. */
export const GENERATED: readonly { readonly folder: string; readonly extension: string }[] = [
  { folder: 'grafana/dashboards', extension: '.json' },
  { folder: 'prometheus/rules', extension: '.yml' },
];

/** The same texts each time, until the catalogue, the panels, the rules or the demo's metrics change. */
export async function generatedFiles(): Promise<GeneratedFile[]> {
  const demo = await demoFamilies();
  const rules = buildRules({ families: mergeFamilies(catalogueFamilies(), demo) });
  return [
    { path: 'grafana/dashboards/tsukimi.json', text: dashboardJson(buildDashboard({ families: demo.map(withoutSeries) })) },
    ...rules.map(({ fileName, text }) => ({ path: `prometheus/rules/${fileName}`, text })),
  ];
}

/** What the demo exposes when it has started: its objectives, and the metrics that it makes itself. */
async function demoFamilies(): Promise<MetricFamily[]> {
  await using application = await createApplication(DemoApplication, { configuration: {}, logger: false });
  return familiesOfRegistry(application.resolve(InstrumentationProvider).registry);
}

/** A dashboard for everything, not only for what has been recorded before the first request. */
function withoutSeries(family: MetricFamily): MetricFamily {
  return { ...family, series: [] };
}
