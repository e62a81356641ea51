/** The container's graph as the two tables of a node graph. */
import { CATALOGUE } from '@tsukimi/instrumentation';
import { equal, labelCopied, maxBy, rate, select, shareOf, sumBy } from '../queries/promql.js';
import { INSTANCES } from '../queries/scopes.js';

const { componentCalls, componentDependency } = CATALOGUE;

const BY = ['component'];
const dependencies = select(componentDependency, ...INSTANCES);

/**
 * Nodes with calls per second and the share that failed, and the edges.
 *
 * Not narrowed to the components that are picked: an edge to a component that is not among the nodes is an error to Grafana.
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

/** Those that need others and those that are needed, each once. */
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
