/** The dependencies of components, and the hosts that the application calls, as the tables of a node graph. */
import { CATALOGUE } from '@tsukimi/instrumentation';
import { equal, labelCopied, maxBy, rate, select, shareOf, sumBy } from '../queries/promql.js';
import { FAILED_CALL, INSTANCES } from '../queries/scopes.js';

const { componentCalls, componentDependency, httpClientRequests } = CATALOGUE;

const BY = ['component'];
const dependencies = select(componentDependency, ...INSTANCES);

/**
 * Returns the queries of the nodes, with calls per second and the share of failures, and of the edges.
 *
 * Hosts depend on the job: which component has called one is not recorded. They are not limited to the selected components, because for Grafana an edge to a missing node is an error.
 */
export function dependencyQueries(callsHosts: boolean): { readonly nodes: string; readonly shares: string; readonly edges: string } {
  const calls = sumBy(BY, rate(select(componentCalls, ...INSTANCES), '$__range'));
  const failures = sumBy(BY, rate(select(componentCalls, ...INSTANCES, equal('status', 'failure')), '$__range'));
  const idle = `0 * ${everyComponent()}`;
  const nodes = asNode(`${calls} or ${idle}`);
  const shares = asNode(`${shareOf({ part: failures, whole: calls })} or 0 * ${calls} or ${idle}`);
  if (!callsHosts) return { nodes, shares, edges: edges() };
  const [callers, hosts] = [withHosts('job', CALLER), withHosts('host', HOST)];
  return {
    nodes: [nodes, callers.nodes, hosts.nodes].join(' or '),
    shares: [shares, callers.shares, hosts.shares].join(' or '),
    edges: `${edges()} or ${hostEdges()}`,
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

/** The nodes of the jobs that call hosts, or of these hosts. */
function withHosts(label: 'job' | 'host', prefix: string): { readonly nodes: string; readonly shares: string } {
  const sent = sumBy([label], rate(select(httpClientRequests, ...INSTANCES), '$__range'));
  const failed = sumBy([label], rate(select(httpClientRequests, ...INSTANCES, FAILED_CALL), '$__range'));
  const asHost = (expression: string) =>
    sumBy(['id', 'title'], labelCopied(prefixed(`(${expression})`, { from: label, to: 'id', prefix }), label, 'title'));
  return { nodes: asHost(sent), shares: asHost(`${shareOf({ part: failed, whole: sent })} or 0 * ${sent}`) };
}

function hostEdges(): string {
  const called = sumBy(['job', 'host'], rate(select(httpClientRequests, ...INSTANCES), '$__range'));
  const source = prefixed(called, { from: 'job', to: 'source', prefix: CALLER });
  const target = prefixed(source, { from: 'host', to: 'target', prefix: HOST });
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
