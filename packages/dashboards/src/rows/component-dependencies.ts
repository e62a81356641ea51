/** The dependencies of components as the tables of a node graph. */
import { CATALOGUE } from '@tsukimi/instrumentation';
import { equal, labelCopied, maxBy, rate, select, shareOf, sumBy } from '../queries/promql.js';
import { INSTANCES } from '../queries/scopes.js';

const { componentCalls, componentDependency } = CATALOGUE;

const BY = ['component'];
const dependencies = select(componentDependency, ...INSTANCES);

/**
 * Returns the queries of the nodes, with calls per second and the share of failures, and of the edges.
 *
 * They are not limited to the selected components, because for Grafana an edge to a missing node is an error.
 */
export function dependencyQueries(): { readonly nodes: string; readonly shares: string; readonly edges: string } {
  const calls = sumBy(BY, rate(select(componentCalls, ...INSTANCES), '$__range'));
  const failures = sumBy(BY, rate(select(componentCalls, ...INSTANCES, equal('status', 'failure')), '$__range'));
  const idle = `0 * ${everyComponent()}`;
  return {
    nodes: asNode(`${calls} or ${idle}`),
    shares: asNode(`${shareOf({ part: failures, whole: calls })} or 0 * ${calls} or ${idle}`),
    edges: edges(),
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
