/** Nodes with a number and a share on each, and what leads from one to another. */
import type { DataTransformerConfig } from '@grafana/grafana-foundation-sdk/dashboard';
import { ArcOptionBuilder, NodeOptionsBuilder, PanelBuilder } from '@grafana/grafana-foundation-sdk/nodegraph';
import { described, type PanelSpec } from './panel.js';
import { atTheEnd } from './targets.js';

export interface NodeGraphSpec extends PanelSpec {
  /** A row for each node: labels `id` and `title`, and the number. It has every node that an edge names. */
  readonly nodes: string;
  /** The same rows with the share, from 0 to 1, that is red in the ring. */
  readonly shares: string;
  /** A row for each edge: labels `id`, `source` and `target`. */
  readonly edges: string;
  /** What the number counts, and what the share is of: `calls/s`, `% failed`. */
  readonly mainUnit: string;
  readonly shareUnit: string;
}

const NUMBER = 'Value #nodes';
const SHARE = 'Value #shares';

/**
 * Two tables, told apart by their fields as Grafana's node graph wants it. Its numbers are fields that are calculated: it does not see
 * the new name of one that was renamed.
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

/** A further field of the frames that have the operands; others stay as they are. */
function calculated(alias: string, binary: Calculation): DataTransformerConfig {
  return { id: 'calculateField', options: { mode: 'binary', alias, timeSeries: false, replaceFields: false, binary } };
}
