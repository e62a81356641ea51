/** Where a key stands in a YAML file. */
import { isMap, isPair, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import type { Place } from './finding.js';
import type { Project } from './project/project.js';

/** The line of a dotted key; of the file alone where the key is not in it. */
export async function placeOfKey(project: Project, file: string, key: string): Promise<Place> {
  const text = await project.text(file);
  return { file, line: text === undefined ? undefined : lineOfPath(text, key.split('.')) };
}

/** The line of the longest part of the path that is there, from 1. */
function lineOfPath(text: string, path: readonly string[]): number | undefined {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  let found: number | undefined;
  let depth = 0;
  visit(document, {
    Pair: (_, pair, ancestors) => {
      const isNext = ancestors.filter(isPair).length === depth && isScalar(pair.key) && String(pair.key.value) === path[depth];
      if (!isNext || !isScalar(pair.key)) return visit.SKIP;
      found = lines.linePos(pair.key.range?.[0] ?? 0).line;
      depth += 1;
      return depth < path.length && isMap(pair.value) ? undefined : visit.BREAK;
    },
  });
  return found;
}
