/** The variables above the dashboard. */
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  type VariableModel,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { CATALOGUE } from '@tsukimi/instrumentation';
import type { MetricFamily } from '../families/metric-family.js';
import { PROCESS_CATALOGUE } from '../families/process-catalogue.js';
import { DATA_SOURCE } from '../panels/panel.js';
import type { HistogramQueries } from '../queries/histograms.js';
import type { HttpNames } from '../queries/http-names.js';
import { matching, select } from '../queries/promql.js';
import { INSTANCES } from '../queries/scopes.js';
import type { RowQueries } from '../rows/rows.js';

const { applicationInfo, httpRequestsInFlight, componentCalls } = CATALOGUE;

/** Every instrumented program has one of these: an application, a plain Fastify server, a script. */
const INSTRUMENTED: readonly string[] = [applicationInfo, httpRequestsInFlight, componentCalls].map(({ name }) => name);
const PROCESS_NAMES = new Set<string>(Object.values(PROCESS_CATALOGUE).map(({ name }) => name));

interface LabelVariable {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** The selector of the series whose label values are offered. */
  readonly selector: string;
  /**
   * The label.
   * @default the name of the variable
   */
  readonly label?: string;
  /**
   * The meaning of "All".
   * @default all offered values, so that other programs' `process_*` metrics are not included
   */
  readonly all?: string;
}

const parts = ({ path, routeSelector }: HttpNames): readonly LabelVariable[] => [
  {
    name: 'component',
    title: 'Component',
    description: 'A class of the application.',
    selector: select(componentCalls, ...INSTANCES),
    all: '.*',
  },
  {
    name: 'path',
    title: 'Route',
    description: 'A route of the application, by its template.',
    selector: routeSelector,
    label: path,
    all: '.*',
  },
];

/** Returns the variables: the data source, then the labels. By default, all values of a label are selected. */
export function variables(families: readonly MetricFamily[], { names, histograms }: RowQueries): Builder<VariableModel>[] {
  const program = matching('__name__', namesOfProgram(families, histograms).join('|'));
  const processes: readonly LabelVariable[] = [
    { name: 'job', title: 'Job', description: 'The scrape job in prometheus.yml.', selector: `{${program}}` },
    { name: 'instance', title: 'Instance', description: 'The process, by its address.', selector: `{${program}, ${INSTANCES[0]}}` },
  ];
  return [
    new DatasourceVariableBuilder('datasource').label('Data source').description('A Prometheus.').type('prometheus'),
    ...[...processes, ...parts(names)].map(ofLabel),
  ];
}

/** The metrics that identify the program's processes; if it is not instrumented, its own metrics. */
function namesOfProgram(families: readonly MetricFamily[], histograms: HistogramQueries): readonly string[] {
  const exposed = families.filter(({ series }) => series.length > 0);
  if (exposed.length === 0 || exposed.some(({ name }) => INSTRUMENTED.includes(name))) return INSTRUMENTED;
  const own = exposed.filter(({ name }) => !PROCESS_NAMES.has(name)).flatMap((family) => sampleNames(family, histograms));
  return [...INSTRUMENTED, ...own.sort()];
}

function sampleNames(family: MetricFamily, histograms: HistogramQueries): readonly string[] {
  if (family.type === 'histogram') return histograms.seriesNames(family);
  return [family.type === 'summary' ? `${family.name}_count` : family.name];
}

function ofLabel({ name, title, description, selector, label = name, all }: LabelVariable): QueryVariableBuilder {
  const query = `label_values(${selector}, ${label})`;
  const variable = new QueryVariableBuilder(name)
    .label(title)
    .description(description)
    .datasource(DATA_SOURCE)
    .query(query)
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.NaturalAsc)
    .multi(true)
    .includeAll(true)
    .current({ selected: true, text: ['All'], value: ['$__all'] });
  return all === undefined ? variable : variable.allValue(all);
}
