/** The places of a map's nodes and edges, found by a worker. */
import { useEffect, useState } from 'preact/hooks';
import { type PlacedLink, type PlacedNode, type Placement, shapeOf } from './placement.js';

/** What the worker is asked. */
export interface Unplaced {
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedLink[];
}

interface Placed {
  readonly shape: string;
  readonly placement: Placement | 'failed';
}

/** Kept for when the reader comes back to the map. */
let last: Placed | undefined;

/** @returns undefined before the first places are found; the last ones while those of another map are looked for */
export function usePlacement({ nodes, edges }: Unplaced): Placement | 'failed' | undefined {
  const shape = shapeOf(nodes, edges);
  const [placed, setPlaced] = useState(last);
  useEffect(() => {
    if (placed?.shape === shape) return undefined;
    const worker = new Worker(new URL('./layout-worker.ts', import.meta.url), { type: 'module' });
    const done = (placement: Placed['placement']): void => {
      last = { shape, placement };
      setPlaced(last);
      worker.terminate();
    };
    worker.addEventListener('message', ({ data }: MessageEvent<Placement>) => done(data));
    worker.addEventListener('error', () => done('failed'));
    worker.postMessage({
      nodes: nodes.map(({ id, kind, layer }) => ({ id, kind, layer })),
      edges: edges.map(({ key, from, to }) => ({ key, from, to })),
    } satisfies Unplaced);
    return () => worker.terminate();
  }, [shape]);
  return placed?.placement;
}
