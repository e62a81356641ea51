/** A node of the map: a dot, as large as the time spent and as red as the share of errors, its name, and its rate. */
import type { MapNode } from '../../src/api-types.js';
import { duration, percent, perSecond } from '../parts/format.js';
import { unlessSame } from '../parts/same.js';
import { levelOf } from './nodes.js';
import { NODE_HEIGHT, NODE_WIDTH } from './placement.js';

interface NodeDrawingProps {
  readonly node: MapNode;
  readonly radius: number;
  readonly isSelected: boolean;
  readonly isFaded: boolean;
  /** Where the tabulator enters the map. */
  readonly isEntry: boolean;
  /** The same functions each time. */
  onSelect(id: string): void;
  onFocus(id: string): void;
}

const TEXT_LEFT = 52;

export const NodeDrawing = unlessSame(({ node, radius, isSelected, isFaded, isEntry, onSelect, onFocus }: NodeDrawingProps) => {
  const level = levelOf(node);
  const classes = ['map-node', `map-node-${node.kind}`, `level-${level}`, isSelected && 'map-node-selected', isFaded && 'map-faded'];
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    onSelect(node.id);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button can't be in a drawing.
    <g
      class={classes.filter(Boolean).join(' ')}
      role="button"
      tabIndex={isEntry ? 0 : -1}
      aria-label={spoken(node)}
      aria-pressed={isSelected}
      data-node={node.id}
      onClick={() => onSelect(node.id)}
      onKeyDown={onKey}
      onFocus={() => onFocus(node.id)}
    >
      <title>{node.name}</title>
      <rect class="map-box" width={NODE_WIDTH} height={NODE_HEIGHT} rx="8" />
      <circle class="map-dot" cx="27" cy={NODE_HEIGHT / 2} r={radius} />
      {/* Cuts off what is too long. */}
      <svg aria-hidden="true" x={TEXT_LEFT} width={NODE_WIDTH - TEXT_LEFT - 8} height={NODE_HEIGHT}>
        <text class="map-name" y="24">
          {node.name}
        </text>{' '}
        <text class="map-numbers" y="42">
          {numbers(node)}
        </text>
      </svg>
    </g>
  );
});

function numbers(node: MapNode): string {
  if (levelOf(node) === 'idle') return `${kindOf(node)}, no calls`;
  const { rate, errorRate, p95 } = node;
  const failing = errorRate !== null && errorRate > 0;
  return `${perSecond(rate)} · ${failing ? `${percent(errorRate)} errors` : `p95 ${duration(p95)}`}`;
}

export function kindOf({ kind, componentKind }: Pick<MapNode, 'kind' | 'componentKind'>): string {
  return kind === 'component' ? (componentKind ?? 'component') : kind;
}

/** Begins with what is written, so that the node can be named by it, also by those who speak to their browser. */
function spoken(node: MapNode): string {
  const { name, errorRate, p95, busy } = node;
  const written = `${name}, ${numbers(node)}`;
  if (levelOf(node) === 'idle') return written;
  const other = errorRate !== null && errorRate > 0 ? `p95 ${duration(p95)}` : `${percent(errorRate)} errors`;
  return `${written}, ${other}, ${duration(busy)} spent per second, ${kindOf(node)}`;
}
