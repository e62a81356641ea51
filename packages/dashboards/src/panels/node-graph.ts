/** Node graph panels: nodes with a number and a share, and edges between them. */
import type { DataTransformerConfig } from '@grafana/grafana-foundation-sdk/dashboard';
import { ArcOptionBuilder, NodeOptionsBuilder, PanelBuilder } from '@grafana/grafana-foundation-sdk/nodegraph';
import { described, type PanelSpec } from './panel.js';
import { atTheEnd } from './targets.js';

export interface NodeGraphSpec extends PanelSpec {
  /** The query with a row for each node: labels `id` and `title`, and the number. It must contain all nodes of the edges. */
  readonly nodes: string;
  /** The query with the same rows, and the share, from 0 to 1, that is red in the ring. */
  readonly shares: string;
  /** The query with a row for each edge: labels `id`, `source` and `target`. */
  readonly edges: string;
  /** The units of the number and of the share: `calls/s`, `% failed`. */
  readonly mainUnit: string;
  readonly shareUnit: string;
}

const NUMBER = 'Value #nodes';
const SHARE = 'Value #shares';

/**
 * Creates the two tables that Grafana's node graph needs, which it distinguishes by their fields. The numbers are calculated fields, because the node
 * graph ignores the new name of a renamed field.
 * @see https://grafana.com/docs/grafana/latest/panels-visualizations/visualizations/node-graph/#data-api
 * @see https://github.com/grafana/grafana/issues/54844
 */
export function nodeGraph(spec: NodeGraphSpec): PanelBuilder {
  const targets = [atTheEnd(spec.nodes, 'nodes'), atTheEnd(spec.shares, 'shares'), atTheEnd(spec.edges, 'edges')];
  return described(new PanelBuilder(), spec, targets)
    .transformations([
      { id: 'merge', filter: { id: 'byRefId', options: '/^(?:nodes|shares)$/' }, options: {} },
      calculated('mainstat', { left: field(NUMBER), operator: '*', right: fixed(1) }),
      calculated('secondarystat', { left: field(SHARE), operator: '*', right: fixed(100) }),
      calculated('arc__failed', { left: field(SHARE), operator: '*', right: fixed(1) }),
      calculated('arc__succeeded', { left: fixed(1), operator: '-', right: field(SHARE) }),
    ])
    .nodes(
      new NodeOptionsBuilder()
        .mainStatUnit(spec.mainUnit)
        .secondaryStatUnit(spec.shareUnit)
        .arcs([new ArcOptionBuilder().field('arc__failed').color('red'), new ArcOptionBuilder().field('arc__succeeded').color('green')]),
    );
}

type Operand = { readonly matcher: { readonly id: 'byName'; readonly options: string } } | { readonly fixed: string };

interface Calculation {
  readonly left: Operand;
  readonly operator: '*' | '-';
  readonly right: Operand;
}

const field = (name: string): Operand => ({ matcher: { id: 'byName', options: name } });
const fixed = (value: number): Operand => ({ fixed: String(value) });

/** Adds a calculated field to the frames that have the operands. */
function calculated(alias: string, binary: Calculation): DataTransformerConfig {
  return { id: 'calculateField', options: { mode: 'binary', alias, timeSeries: false, replaceFields: false, binary } };
}
