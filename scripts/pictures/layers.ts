/** Lays a graph out from left to right: whoever depends on nobody else's node is leftmost. */

export interface Edge {
  readonly source: string;
  readonly target: string;
}

/** The nodes of each column, from left to right; within one they stand near those that lead to them. */
export function layersOf(ids: readonly string[], edges: readonly Edge[]): readonly (readonly string[])[] {
  const depths = depthsOf(ids, edges);
  const layers: string[][] = [];
  for (const id of ids) {
    const depth = depths.get(id) ?? 0;
    layers[depth] ??= [];
    layers[depth]?.push(id);
  }
  for (const [index, layer] of layers.entries()) layers[index] = orderedBy(layers[index - 1] ?? [], layer, edges);
  return layers;
}

// As many rounds as nodes are enough for the longest way, and end where there is a circle.
function depthsOf(ids: readonly string[], edges: readonly Edge[]): ReadonlyMap<string, number> {
  const depths = new Map(ids.map((id) => [id, 0]));
  for (let round = 0; round < ids.length; round++) {
    for (const { source, target } of edges) {
      const depth = Math.min(ids.length - 1, (depths.get(source) ?? 0) + 1);
      if (depth > (depths.get(target) ?? 0)) depths.set(target, depth);
    }
  }
  const used = [...new Set(depths.values())].sort((a, b) => a - b);
  return new Map([...depths].map(([id, depth]) => [id, used.indexOf(depth)]));
}

function orderedBy(previous: readonly string[], layer: readonly string[], edges: readonly Edge[]): string[] {
  const placeOf = (id: string) => {
    const places = edges.filter(({ target }) => target === id).map(({ source }) => previous.indexOf(source));
    const known = places.filter((place) => place >= 0);
    return known.length === 0 ? previous.length : known.reduce((sum, place) => sum + place, 0) / known.length;
  };
  return [...layer].sort((a, b) => placeOf(a) - placeOf(b) || (a < b ? -1 : 1));
}
