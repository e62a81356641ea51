/** Several rule files as one: Prometheus takes any number of groups in a file. */
import { type Document, isMap, isSeq, parseDocument, type YAMLSeq } from 'yaml';
import type { GeneratedFile } from '../output/generated-file.js';

/** The first file with the groups of all; comments stay where they are. */
export function joinedRules(files: readonly GeneratedFile[]): string {
  const [first, ...others] = files.map(({ text }) => parseDocument(text));
  if (first === undefined) return 'groups: []\n';
  const groups = groupsOf(first);
  for (const other of others) groups.items.push(...groupsOf(other).items);
  return first.toString({ lineWidth: 0 });
}

function groupsOf({ contents }: Document): YAMLSeq {
  const groups = isMap(contents) ? contents.get('groups') : undefined;
  if (!isSeq(groups)) throw new Error('A rule file has no groups.');
  return groups;
}
