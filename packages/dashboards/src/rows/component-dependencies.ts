/** The dependencies of components, and the hosts that the application calls, as the tables of a node graph. */
import { CATALOGUE } from '@tsukimi/instrumentation';
import type { HttpClientNames } from '../queries/http-client-names.js';
import { equal, labelCopied, maxBy, rate, select, shareOf, sumBy } from '../queries/promql.js';
import { INSTANCES } from '../queries/scopes.js';

const { componentCalls, componentDependency } = CATALOGUE;

const BY = ['component'];
const dependencies = select(componentDependency, ...INSTANCES);

/**
 * Returns the queries of the nodes, with calls per second and the share of failures, and of the edges.
 *
 * Hosts depend on the job: which component has called one is not recorded. They are not limited to the selected components, because for Grafana an edge to a missing node is an error.
 */
export function dependencyQueries(client: HttpClientNames | undefined): {
  readonly nodes: string;
  readonly shares: string;
  readonly edges: string;
} {
  const calls = sumBy(BY, rate(select(componentCalls, ...INSTANCES), '$__range'));
  const failures = sumBy(BY, rate(select(componentCalls, ...INSTANCES, equal('status', 'failure')), '$__range'));
  const idle = `0 * ${everyComponent()}`;
  const nodes = asNode(`${calls} or ${idle}`);
  const shares = asNode(`${shareOf({ part: failures, whole: calls })} or 0 * ${calls} or ${idle}`);
  if (client === undefined) return { nodes, shares, edges: edges() };
  const [callers, hosts] = [withHosts(client, { label: 'job', prefix: CALLER }), withHosts(client, { label: client.host, prefix: HOST })];
  return {
    nodes: [nodes, callers.nodes, hosts.nodes].join(' or '),
    shares: [shares, callers.shares, hosts.shares].join(' or '),
    edges: `${edges()} or ${hostEdges(client)}`,
  };
}

/** All components that depend on others or that others depend on, each once. */
function everyComponent(): string {
  const needed = maxBy(BY, labelCopied(maxBy(['depends_on'], dependencies), 'depends_on', 'component'));
  return `(${maxBy(BY, dependencies)} or ${needed})`;
}

function asNode(expression: string): string {
  return sumBy(['id', 'title'], labelCopied(labelCopied(`(${expression})`, 'component', 'id'), 'component', 'title'));
}

function edges(): string {
  const named = labelCopied(labelCopied(dependencies, 'component', 'source'), 'depends_on', 'target');
  return maxBy(['id', 'source', 'target'], `label_join(${named}, "id", " -> ", "component", "depends_on")`);
}

/** What the ids of jobs and hosts begin with, so that a component of the same name is another node. */
const CALLER = 'calls from ';
const HOST = 'calls to ';

/** The label whose values the nodes are, and what their ids begin with. */
interface Ends {
  readonly label: string;
  readonly prefix: string;
}

/** The nodes of the jobs that call hosts, or of these hosts. */
function withHosts(client: HttpClientNames, { label, prefix }: Ends): { readonly nodes: string; readonly shares: string } {
  const sent = client.count({ matchers: INSTANCES, by: [label], window: '$__range' });
  const failed = client.count({ matchers: [...INSTANCES, client.failed], by: [label], window: '$__range' });
  const asHost = (expression: string) =>
    sumBy(['id', 'title'], labelCopied(prefixed(`(${expression})`, { from: label, to: 'id', prefix }), label, 'title'));
  return { nodes: asHost(sent), shares: asHost(`${shareOf({ part: failed, whole: sent })} or 0 * ${sent}`) };
}

function hostEdges({ count, host }: HttpClientNames): string {
  const called = count({ matchers: INSTANCES, by: ['job', host], window: '$__range' });
  const source = prefixed(called, { from: 'job', to: 'source', prefix: CALLER });
  const target = prefixed(source, { from: host, to: 'target', prefix: HOST });
  return maxBy(['id', 'source', 'target'], `label_join(${target}, "id", " -> ", "source", "target")`);
}

interface Copy {
  readonly from: string;
  readonly to: string;
  readonly prefix: string;
}

function prefixed(expression: string, { from, to, prefix }: Copy): string {
  return `label_replace(${expression}, "${to}", "${prefix}$1", "${from}", "(.+)")`;
}
