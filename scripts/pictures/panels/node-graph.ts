/** Draws a node graph panel: each node with its numbers inside a ring of shares, and arrows to what it leads to. */
import type { Size } from '../chart.js';
import { colorOf, PAGE } from '../colors.js';
import type { PanelData } from '../fields.js';
import { type Edge, layersOf } from '../layers.js';
import { element, text } from '../svg.js';
import { type Table, tablesOf } from '../tables.js';
import { formatValue } from '../units.js';

interface Node {
  readonly id: string;
  readonly title: string;
  readonly mainStat: string;
  readonly secondaryStat: string;
  readonly arcs: readonly { readonly share: number; readonly color: string }[];
}

interface Placed {
  readonly node: Node;
  readonly x: number;
  readonly y: number;
}

interface NodeOptions {
  readonly mainStatUnit?: string;
  readonly secondaryStatUnit?: string;
  readonly arcs?: readonly { readonly field: string; readonly color: string }[];
}

/** The inside of the panel, below its title. */
export function drawNodeGraph(data: PanelData, { width, height }: Size): string {
  const tables = tablesOf(data);
  const nodes = rowsWith(tables, 'title').map((row) => nodeOf(row, (data.panel.options?.['nodes'] ?? {}) as NodeOptions));
  const edges = rowsWith(tables, 'source').map((row) => ({ source: String(row['source']), target: String(row['target']) }));
  const layers = layersOf(
    nodes.map(({ id }) => id),
    edges,
  );
  const radius = Math.min(42, ((height - 16) / Math.max(...layers.map((layer) => layer.length))) * 0.36);
  const placed = place(nodes, layers, { width, height: height - 14 });
  return [...edges.map((edge) => drawEdge(edge, placed, radius)), ...[...placed.values()].map((each) => drawNode(each, radius))].join('\n');
}

type Row = Table['rows'][number];

function rowsWith(tables: readonly Table[], column: string): readonly Row[] {
  return tables.find(({ columns }) => columns.includes(column))?.rows ?? [];
}

function nodeOf(row: Row, { mainStatUnit, secondaryStatUnit, arcs = [] }: NodeOptions): Node {
  return {
    id: String(row['id']),
    title: String(row['title']),
    mainStat: formatValue(Number(row['mainstat']), mainStatUnit),
    secondaryStat: formatValue(Number(row['secondarystat']), secondaryStatUnit),
    arcs: arcs.map(({ field, color }) => ({ share: Number(row[field]) || 0, color: colorOf(color) })),
  };
}

function place(nodes: readonly Node[], layers: ReturnType<typeof layersOf>, { width, height }: Size): ReadonlyMap<string, Placed> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  return new Map(
    layers.flatMap((layer, column) =>
      layer.flatMap((id, row) => {
        const node = byId.get(id);
        const [x, y] = [(width * (column + 0.5)) / layers.length, (height * (row + 0.5)) / layer.length];
        return node === undefined ? [] : [[id, { node, x, y }] as const];
      }),
    ),
  );
}

function drawNode({ node, x, y }: Placed, radius: number): string {
  const inside = element('circle', { r: radius, fill: PAGE.card, stroke: PAGE.border, 'stroke-width': 1 });
  return element('g', { transform: `translate(${Math.round(x)} ${Math.round(y)})` }, [
    inside,
    ...drawRing(node.arcs, radius),
    text(node.mainStat, { x: 0, y: -1, size: 11, anchor: 'middle', bold: true }),
    text(node.secondaryStat, { x: 0, y: 12, size: 10, anchor: 'middle', fill: PAGE.faint }),
    text(node.title, { x: 0, y: radius + 16, size: 11.5, anchor: 'middle' }),
  ]);
}

// Clockwise from the top; a dashed circle has no trouble with a share of everything, which an arc has.
function drawRing(arcs: Node['arcs'], radius: number): string[] {
  const length = 2 * Math.PI * radius;
  let passed = 0;
  return arcs
    .filter(({ share }) => share > 0)
    .map(({ share, color }) => {
      const dash = { 'stroke-dasharray': `${(share * length).toFixed(2)} ${length.toFixed(2)}`, 'stroke-dashoffset': -passed * length };
      passed += share;
      return element('circle', { r: radius, fill: 'none', stroke: color, 'stroke-width': 4, transform: 'rotate(-90)', ...dash });
    });
}

function drawEdge({ source, target }: Edge, placed: ReadonlyMap<string, Placed>, radius: number): string {
  const [from, to] = [placed.get(source), placed.get(target)];
  if (from === undefined || to === undefined) throw new Error(`An edge leads from ${source} to ${target}, and one of them is no node.`);
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  const at = (distance: number, side: number) =>
    `${(to.x - (dx / length) * distance + (dy / length) * side).toFixed(1)} ${(to.y - (dy / length) * distance - (dx / length) * side).toFixed(1)}`;
  const line = element('path', { d: `M${at(length - radius - 3, 0)}L${at(radius + 10, 0)}`, stroke: '#a3aab5', 'stroke-width': 1.5 });
  const head = element('path', { d: `M${at(radius + 4, 0)}L${at(radius + 12, 4.5)}L${at(radius + 12, -4.5)}Z`, fill: '#a3aab5' });
  return line + head;
}
