/** What is known of the node that was chosen. */
import type { DependencyMap, MapNode } from '../../src/api-types.js';
import type { Change } from '../address/address.js';
import { Card } from '../parts/card.js';
import { duration, percent, perSecond } from '../parts/format.js';
import { Icon } from '../parts/icons.js';
import { Link } from '../parts/link.js';
import { kindOf } from './node-drawing.js';
import { linksOf } from './nodes.js';

interface NodeDetailsProps {
  readonly map: DependencyMap;
  readonly node: MapNode;
  select(id: string | undefined): void;
}

export function NodeDetails({ map, node, select }: NodeDetailsProps) {
  const { uses, usedBy } = linksOf(node.id, map.edges);
  const close = (
    <button type="button" class="button button-icon" aria-label="Close" title="Close (Escape)" onClick={() => select(undefined)}>
      <Icon name="close" />
    </button>
  );
  const more = moreOf(node);
  return (
    <div class="map-details">
      <Card title={node.name} aside={close}>
        <p class="quiet">{kindOf(node)}</p>
        <dl class="map-facts">
          <Fact term="Calls" value={perSecond(node.rate)} />
          <Fact term="Errors" value={percent(node.errorRate)} isWrong={(node.errorRate ?? 0) > 0} />
          <Fact term="p95" value={duration(node.p95)} />
          <Fact term="Time spent" value={`${duration(node.busy)}/s`} />
        </dl>
        <Linked title="Uses" ids={uses} map={map} select={select} />
        <Linked title="Used by" ids={usedBy} map={map} select={select} />
        {more !== undefined && (
          <p>
            <Link to={more.to}>{more.title}</Link>
          </p>
        )}
      </Card>
    </div>
  );
}

function Fact({ term, value, isWrong = false }: { readonly term: string; readonly value: string; readonly isWrong?: boolean }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd class={isWrong ? 'wrong' : undefined}>{value}</dd>
    </div>
  );
}

interface LinkedProps {
  readonly title: string;
  readonly ids: readonly string[];
  readonly map: DependencyMap;
  select(id: string): void;
}

function Linked({ title, ids, map, select }: LinkedProps) {
  const nodes = map.nodes.filter(({ id }) => ids.includes(id));
  if (nodes.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul class="map-links">
        {nodes.map(({ id, name }) => (
          <li key={id}>
            <button type="button" class="link-button" onClick={() => select(id)}>
              {name}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function moreOf({ kind, name }: MapNode): { readonly to: Change; readonly title: string } | undefined {
  if (kind === 'routes') return { to: { view: 'routes' }, title: 'All routes' };
  return kind === 'component' ? { to: { view: 'components', params: { filter: name } }, title: 'Its methods' } : undefined;
}
