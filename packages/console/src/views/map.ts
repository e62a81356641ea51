/** The map: what depends on what, routes left, databases and other hosts right. */
import { CATALOGUE, OPENTELEMETRY_CATALOGUE } from '@tsukimi/instrumentation';
import type { DependencyMap, MapEdge, MapNode } from '../api-types.js';
import { BucketCounts } from '../history/bucket-counts.js';
import { RangeSums, secondsOf } from '../history/queries.js';
import type { KnownSeries } from '../history/series-index.js';
import { httpMetrics } from './http-metrics.js';
import { components } from './tables.js';
import { type Asked, ratio, rounded, seriesOf, short, spanOf, type Viewed, wholeRange } from './view.js';

/** Metrics that tell of other systems. Of a kind, the first that has series counts: with two ways of naming, a call is in both. */
const OUTSIDE: Readonly<Record<'database' | 'host', readonly OutsideMetrics[]>> = {
  database: [
    {
      durations: 'db_query_duration_seconds',
      nameOf: ({ pool }) => pool,
      failures: { name: 'db_query_failures_total', isFailure: () => true },
    },
    {
      durations: OPENTELEMETRY_CATALOGUE.dbClientOperationDuration.name,
      nameOf: ({ db_namespace, db_system_name }) => db_namespace || db_system_name,
      isFailure: ({ error_type }) => Boolean(error_type),
    },
  ],
  host: [
    {
      durations: CATALOGUE.httpClientRequestDuration.name,
      nameOf: ({ host, server_address, server_port }) => host ?? (server_port ? `${server_address}:${server_port}` : server_address),
      // With labels of OpenTelemetry, the durations tell how a request ended.
      isFailure: ({ error_type }) => Boolean(error_type),
      // Without a response, the status is the kind of failure.
      failures: { name: CATALOGUE.httpClientRequests.name, isFailure: ({ status = '' }) => !/^[1-4]/.test(status) },
    },
  ],
};

interface OutsideMetrics {
  readonly durations: string;
  /** The name of the system in the labels of a series. */
  nameOf(labels: Labels): string | undefined;
  /** Whether a series of `durations` is about failed calls only. */
  isFailure?(labels: Labels): boolean;
  /** A counter of failed calls, or one that has them among others. */
  readonly failures?: { readonly name: string; isFailure(labels: Labels): boolean };
}

type Labels = Readonly<Record<string, string | undefined>>;

const ROUTES = 'routes:http';

interface Node {
  id: string;
  kind: MapNode['kind'];
  name: string;
  componentKind: string | null;
  count: number;
  errors: number;
  seconds: number;
  durations: BucketCounts;
}

export function dependencyMap(viewed: Viewed, asked: Asked): DependencyMap {
  const range = wholeRange(viewed, asked);
  const seconds = secondsOf(range);
  const sums = new RangeSums(range, viewed.history);
  const nodes = new Map<string, Node>();
  addComponents(viewed, asked, { nodes, sums });
  const pairs = dependencies(viewed);
  for (const { from, to } of pairs) {
    for (const name of [from, to]) {
      const id = componentId(name);
      if (!nodes.has(id)) nodes.set(id, emptyNode({ id, kind: 'component', name, componentKind: viewed.sources.kindOf(name) ?? null }));
    }
  }
  const edges = pairs.map(({ from, to }) => ({ from: componentId(from), to: componentId(to) }));
  addRoutes(viewed, { nodes, sums, edges });
  addOutside(viewed, { nodes, sums, edges });
  const layers = layersOf([...nodes.keys()], edges);
  return {
    now: rounded(viewed.history.newest, 3),
    span: spanOf(range),
    nodes: [...nodes.values()].map((node) => shownNode(node, { seconds, layer: layers.get(node.id) ?? 0 })),
    edges: edges.map((edge) => shownEdge(edge, { edges, nodes, seconds })),
  };
}

interface Edge {
  readonly from: string;
  readonly to: string;
}

interface Building {
  readonly nodes: Map<string, Node>;
  readonly sums: RangeSums;
}

function addComponents(viewed: Viewed, asked: Asked, { nodes, sums }: Building): void {
  for (const { component, kind, count, errors, totalSeconds } of components(viewed, asked).rows) {
    const id = componentId(component);
    const node = nodes.get(id) ?? emptyNode({ id, kind: 'component', name: component, componentKind: kind });
    node.count += count;
    node.errors += errors;
    node.seconds += totalSeconds;
    nodes.set(id, node);
  }
  for (const series of seriesOf(viewed, CATALOGUE.componentDuration.name))
    addDurations(nodes.get(componentId(series.labels['component'] ?? '')), series, sums);
}

function addDurations(node: Node | undefined, series: KnownSeries, sums: RangeSums): void {
  const durations = sums.distribution(series);
  if (durations !== undefined) node?.durations.merge(durations);
}

function dependencies(viewed: Viewed): { from: string; to: string }[] {
  return seriesOf(viewed, CATALOGUE.componentDependency.name)
    .filter(({ value }) => value === 1)
    .map(({ labels }) => ({ from: labels['component'] ?? '', to: labels['depends_on'] ?? '' }));
}

/** All routes are one node: which of them leads to which controller, no metric says. */
function addRoutes(viewed: Viewed, { nodes, sums, edges }: Building & { readonly edges: Edge[] }): void {
  const { requests, durations, errors } = httpMetrics(viewed);
  if (requests.length === 0) return;
  const node = emptyNode({ id: ROUTES, kind: 'routes', name: 'HTTP', componentKind: null });
  for (const series of requests) node.count += sums.increase(series);
  for (const series of errors) node.errors += sums.increase(series);
  for (const series of durations) addDurations(node, series, sums);
  node.seconds = node.durations.sum;
  for (const { id, componentKind } of nodes.values()) if (componentKind === 'controller') edges.push({ from: ROUTES, to: id });
  nodes.set(ROUTES, node);
}

function addOutside(viewed: Viewed, { nodes, sums, edges }: Building & { readonly edges: Edge[] }): void {
  for (const kind of ['database', 'host'] as const) {
    const metrics = OUTSIDE[kind].find(({ durations }) => seriesOf(viewed, durations).length > 0);
    if (metrics === undefined) continue;
    const found = outsideNodes(viewed, sums, { kind, metrics });
    for (const node of found) nodes.set(node.id, node);
    // Which component uses which database, no metric says. If there is one, repositories do.
    const [only] = found;
    if (kind !== 'database' || found.length !== 1 || only === undefined) continue;
    for (const { id, componentKind } of nodes.values()) if (componentKind === 'repository') edges.push({ from: id, to: only.id });
  }
}

function outsideNodes(
  viewed: Viewed,
  sums: RangeSums,
  { kind, metrics }: { readonly kind: 'database' | 'host'; readonly metrics: OutsideMetrics },
): Node[] {
  const { durations, nameOf, isFailure, failures } = metrics;
  const found = new Map<string, Node>();
  const nodeOf = ({ labels }: KnownSeries): Node => {
    const name = nameOf(labels) ?? '';
    const node = found.get(name) ?? emptyNode({ id: `${kind}:${name}`, kind, name, componentKind: null });
    found.set(name, node);
    return node;
  };
  for (const series of seriesOf(viewed, durations)) {
    const node = nodeOf(series);
    const { count } = node.durations;
    addDurations(node, series, sums);
    node.count = node.durations.count;
    node.seconds = node.durations.sum;
    if (isFailure?.(series.labels) === true) node.errors += node.count - count;
  }
  for (const series of failures === undefined ? [] : seriesOf(viewed, failures.name))
    if (failures?.isFailure(series.labels) === true) nodeOf(series).errors += sums.increase(series);
  return [...found.values()];
}

function emptyNode(node: Pick<Node, 'id' | 'kind' | 'name' | 'componentKind'>): Node {
  return { ...node, count: 0, errors: 0, seconds: 0, durations: new BucketCounts() };
}

function shownNode(
  { id, kind, name, componentKind, count, errors, seconds: busy, durations }: Node,
  of: { seconds: number; layer: number },
): MapNode {
  const { seconds, layer } = of;
  const perSecond = (value: number) => (seconds > 0 ? short(value / seconds) : 0);
  return {
    id,
    kind,
    name,
    componentKind,
    layer,
    rate: perSecond(count),
    errorRate: ratio(errors, count),
    busy: perSecond(busy),
    p95: short(durations.quantile(0.95)),
  };
}

/** The calls of a node with one caller are all that caller's. */
function shownEdge(
  { from, to }: Edge,
  { edges, nodes, seconds }: { edges: readonly Edge[]; nodes: ReadonlyMap<string, Node>; seconds: number },
): MapEdge {
  const isOnly = edges.filter((other) => other.to === to).length === 1;
  const count = nodes.get(to)?.count ?? 0;
  return { key: `${from} ${to}`, from, to, rate: isOnly && seconds > 0 ? short(count / seconds) : null };
}

/** The longest way to a node, without going in circles. */
function layersOf(ids: readonly string[], edges: readonly Edge[]): Map<string, number> {
  const before = new Map<string, string[]>();
  for (const { from, to } of edges) before.set(to, [...(before.get(to) ?? []), from]);
  const layers = new Map<string, number>();
  const open = new Set<string>();
  const layerOf = (id: string): number => {
    const known = layers.get(id);
    if (known !== undefined) return known;
    if (open.has(id)) return -1;
    open.add(id);
    const layer = Math.max(-1, ...(before.get(id) ?? []).map(layerOf)) + 1;
    open.delete(id);
    layers.set(id, layer);
    return layer;
  };
  for (const id of ids) layerOf(id);
  const rightmost = Math.max(0, ...layers.values());
  for (const id of ids) if (/^(database|host):/.test(id)) layers.set(id, Math.max(rightmost, 1));
  return layers;
}

function componentId(name: string): string {
  return `component:${name}`;
}
