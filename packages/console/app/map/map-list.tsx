/** The map as a table, for those who would rather read it, or can't see it. */

import type { DependencyMap, MapNode } from '../../src/api-types.js';
import { duration, percent, perSecond } from '../parts/format.js';
import { ScrollRegion } from '../parts/scroll-region.js';
import { kindOf } from './node-drawing.js';
import { isFound, linksOf } from './nodes.js';

export function MapList({ map, filter }: { readonly map: DependencyMap; readonly filter: string }) {
  const names = new Map(map.nodes.map(({ id, name }) => [id, name]));
  const nodes = map.nodes
    .filter((node) => isFound(node, filter))
    .sort((one, other) => other.busy - one.busy || (one.name < other.name ? -1 : 1));
  const list = (ids: readonly string[]): string => ids.map((id) => names.get(id)).join(', ');
  return (
    <ScrollRegion class="table-scroll" label="Dependencies">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Kind</th>
            <th scope="col" class="number">
              Calls
            </th>
            <th scope="col" class="number">
              Errors
            </th>
            <th scope="col" class="number">
              p95
            </th>
            <th scope="col" class="number">
              Time spent
            </th>
            <th scope="col">Uses</th>
            <th scope="col">Used by</th>
          </tr>
        </thead>
        <tbody>
          {nodes.map((node) => (
            <Row
              key={node.id}
              node={node}
              uses={list(linksOf(node.id, map.edges).uses)}
              usedBy={list(linksOf(node.id, map.edges).usedBy)}
            />
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function Row({ node, uses, usedBy }: { readonly node: MapNode; readonly uses: string; readonly usedBy: string }) {
  return (
    <tr>
      <th scope="row" class="table-name">
        {node.name}
      </th>
      <td>{kindOf(node)}</td>
      <td class="number">{perSecond(node.rate)}</td>
      <td class={(node.errorRate ?? 0) > 0 ? 'number wrong' : 'number'}>{percent(node.errorRate)}</td>
      <td class="number">{duration(node.p95)}</td>
      <td class="number">{duration(node.busy)}/s</td>
      <td class="map-names">{uses}</td>
      <td class="map-names">{usedBy}</td>
    </tr>
  );
}
