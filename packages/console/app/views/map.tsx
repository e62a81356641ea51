/** What depends on what, how often it is called, and where it fails. */

import { useParam } from '../context/page-context.js';
import { useLive } from '../data/use-live.js';
import { MapCanvas } from '../map/map-canvas.js';
import { MapList } from '../map/map-list.js';
import { NodeDetails } from '../map/node-details.js';
import { isFound } from '../map/nodes.js';
import { counted } from '../parts/format.js';
import { SearchBox } from '../parts/search-box.js';
import { Empty, Loading } from '../parts/states.js';

export function MapView() {
  const map = useLive('map');
  const [as, setAs] = useParam('as', 'map');
  const [filter] = useParam('filter');
  const [node, setNode] = useParam('node');
  if (map === undefined) return <Loading what="the map" />;
  if (map.nodes.length === 0)
    return <Empty title="Nothing to draw yet.">The map shows measured components as soon as one of them has been created or called.</Empty>;
  const selected = map.nodes.find(({ id }) => id === node);
  const found = map.nodes.filter((each) => isFound(each, filter)).length;
  return (
    <div class={as === 'list' ? undefined : 'map-view'}>
      <div class="tools">
        <SearchBox label="Search by name or kind" />
        <fieldset class="segments">
          <legend class="hidden">Show as</legend>
          {['map', 'list'].map((each) => (
            <button key={each} type="button" aria-pressed={as === each} onClick={() => setAs(each)}>
              {each === 'map' ? 'Map' : 'List'}
            </button>
          ))}
        </fieldset>
        <p class="tools-count" role="status">
          {filter === '' ? counted(map.nodes.length, 'node') : `${found} of ${map.nodes.length} nodes`}
        </p>
        {as !== 'list' && <Legend />}
      </div>
      {as === 'list' ? (
        <MapList map={map} filter={filter} />
      ) : (
        <div class="map-place">
          <MapCanvas map={map} filter={filter} selected={selected?.id} select={setNode} />
          {selected !== undefined && <NodeDetails map={map} node={selected} select={setNode} />}
        </div>
      )}
      {found === 0 && <Empty title="Nothing has this name.">Change the search.</Empty>}
    </div>
  );
}

const LEVELS = [
  { level: 'fine', title: 'no errors' },
  { level: 'few', title: 'below 1 %' },
  { level: 'some', title: 'below 5 %' },
  { level: 'many', title: '5 % and more' },
] as const;

function Legend() {
  return (
    <ul class="map-legend" aria-label="Colours by share of errors; the size of a dot is the time spent">
      {LEVELS.map(({ level, title }) => (
        <li key={level} class={`level-${level}`}>
          <span class="map-legend-dot" aria-hidden="true" />
          {title}
        </li>
      ))}
      <li>size: time spent</li>
    </ul>
  );
}
