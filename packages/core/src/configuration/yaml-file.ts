/** Reads a YAML file as a mapping. Errors have the place and the reason. */
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { type Document, isAlias, isCollection, isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { configurationNotMapping, configurationSyntax, configurationUnreadable } from './errors.js';
import { partsOfKey, unfoldKeys } from './flat-keys.js';
import { isMapping, type WrittenMapping, WrittenScalar, type WrittenValue } from './written-value.js';
import { describeYamlProblem, type YamlProblem } from './yaml-problems.js';

/** The mapping of a file, and the lines of its values. */
export interface YamlFile {
  readonly values: WrittenMapping;
  /** The line of a value, from 1; undefined if the file does not have it. */
  lineOf(path: readonly string[]): number | undefined;
}

// Other tags would be dropped, or converted to values that a configuration can't have.
const KNOWN_TAG = /^tag:yaml\.org,2002:(str|int|float|bool|null|map|seq)$/;
const PLACEHOLDER = /\$?\$\{[^{}]*\}/g;

/**
 * Returns the mapping of a file; undefined if the file does not exist. An empty file is an empty mapping.
 * @throws TSK_ERR_CONFIGURATION_UNREADABLE, TSK_ERR_CONFIGURATION_SYNTAX with line and column, TSK_ERR_CONFIGURATION_KEY,
 * TSK_ERR_CONFIGURATION_ROOT
 */
export async function readYamlFile(path: string): Promise<YamlFile | undefined> {
  const text = await readText(path);
  if (text === undefined) return undefined;
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true, schema: 'core', resolveKnownTags: false });
  const problemAt = (offset: number | undefined, { problem, fix }: YamlProblem): Error => {
    const { line, col } = lines.linePos(offset ?? 0);
    return configurationSyntax({ where: `${shortPath(path)}, line ${line}, column ${col}`, problem, fix });
  };
  // The library's warnings are about parts that it left out, so they are errors here.
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) throw problemAt(problem.pos[0], describeYamlProblem(problem));
  refuseWhatWouldBeLost(document, problemAt);
  const root = toPlain(document, problemAt);
  if (root === null || root === undefined) return { values: {}, lineOf: () => undefined };
  if (root instanceof WrittenScalar || !isMapping(root)) {
    if (root instanceof WrittenScalar && root.value === null) return { values: {}, lineOf: () => undefined };
    throw configurationNotMapping(shortPath(path), root instanceof WrittenScalar ? root.value : root);
  }
  const lineOf = (at: readonly string[]): number | undefined =>
    lineIn(document, { lines, node: document.contents, path: at, isRoot: true });
  const where = (at: readonly string[]): string => `${shortPath(path)}, line ${lineOf(at) ?? 1}`;
  const values = unfoldKeys(root, { source: shortPath(path), where });
  return { values, lineOf };
}

/** A path for messages: relative if it is below the working directory. */
export function shortPath(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith('..') ? path : fromHere;
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw configurationUnreadable(shortPath(path), errorCode(error), error);
  }
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}

type ProblemAt = (offset: number | undefined, problem: YamlProblem) => Error;

/** Rejects constructs whose meaning would change, and keeps the text of every scalar that is not a string. */
function refuseWhatWouldBeLost(document: Document, problemAt: ProblemAt): void {
  visit(document, {
    Pair: (_, { key }) => {
      if (isCollection(key)) throw problemAt(key.range?.[0], { problem: 'A key is a list or a mapping', fix: 'Use a text as the key' });
    },
    Node: (at, node) => {
      if (!isAlias(node) && node.tag !== undefined && !KNOWN_TAG.test(node.tag))
        throw problemAt(node.range?.[0], describeYamlProblem({ code: 'TAG_RESOLVE_FAILED' }));
      if (!isScalar(node) || at === 'key') return;
      const { value } = node;
      if (typeof value === 'string') node.value = withoutEscapes(value, () => problemAt(node.range?.[0], INTERPOLATION));
      else if (value === null || typeof value === 'number' || typeof value === 'boolean')
        node.value = new WrittenScalar(value, node.source ?? '');
    },
  });
}

const INTERPOLATION: YamlProblem = {
  problem: `The value holds \${...}, and Tsukimi does not substitute variables in files`,
  fix: `Set the environment variable of the key instead (TSUKIMI_MAIL_PASSWORD for mail.password), or write $\${...} for the text itself`,
};

/** `$${...}` is the text `${...}`. */
function withoutEscapes(text: string, refusal: () => Error): string {
  return text.replace(PLACEHOLDER, (found) => {
    if (!found.startsWith('$$')) throw refusal();
    return found.slice(1);
  });
}

// Aliases without an anchor, or too many of them, are only detected when the document is converted to plain values.
function toPlain(document: Document, problemAt: ProblemAt): WrittenValue | undefined {
  let root: WrittenValue | undefined;
  let unresolved: Node | undefined;
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) === undefined) unresolved ??= alias;
    },
  });
  if (unresolved !== undefined)
    throw problemAt(unresolved.range?.[0], {
      problem: 'An alias (*name) has no anchor (&name) before it',
      fix: 'Add the anchor, or put a text that begins with * in quotes',
    });
  try {
    root = document.toJS() as WrittenValue | undefined;
  } catch (error) {
    const isMerge = error instanceof Error && /merge/i.test(error.message);
    throw problemAt(
      undefined,
      isMerge
        ? { problem: 'A merge key (<<) has a value that is not a mapping', fix: 'Use an alias of a mapping' }
        : { problem: 'Aliases expand excessively', fix: 'Write the values out' },
    );
  }
  if (isCircular(root, new Set()))
    throw problemAt(undefined, { problem: 'An alias refers to a value that contains it', fix: 'Write the values out' });
  return root;
}

function isCircular(value: WrittenValue | undefined, above: Set<object>): boolean {
  if (typeof value !== 'object' || value === null || value instanceof WrittenScalar) return false;
  if (above.has(value)) return true;
  above.add(value);
  const found = Object.values(value).some((inner: WrittenValue) => isCircular(inner, above));
  above.delete(value);
  return found;
}

interface Search {
  readonly lines: LineCounter;
  readonly node: unknown;
  readonly path: readonly string[];
  readonly isRoot: boolean;
}

/** The line of the key at a path, or of the longest part of the path that exists. */
function lineIn(document: Document, { lines, node, path, isRoot }: Search): number | undefined {
  const [first = '', ...rest] = path;
  if (isAlias(node)) return lineIn(document, { lines, node: node.resolve(document), path, isRoot });
  if (isSeq(node)) {
    const item = node.items[Number(first)] as Node | undefined;
    return (rest.length === 0 ? undefined : lineIn(document, { lines, node: item, path: rest, isRoot: false })) ?? lineOfNode(item, lines);
  }
  if (!isMap(node)) return undefined;
  let found: number | undefined;
  for (const pair of node.items) {
    if (!isPair(pair) || !isScalar(pair.key)) continue;
    const key = String(pair.key.value);
    const parts = isRoot ? partsOfKey(key) : [key];
    if (parts.every((part, index) => part === path[index])) {
      const below = path.slice(parts.length);
      const inner = below.length === 0 ? undefined : lineIn(document, { lines, node: pair.value, path: below, isRoot: false });
      const own = lineOfNode(pair.key, lines);
      found = inner ?? (below.length === 0 ? own : (found ?? own));
    } else if (pair.key.value === Symbol.for('<<') || key === '<<' || key === 'Symbol(<<)') {
      found ??= lineOfMerged(document, { lines, node: pair.value, path, isRoot: false });
    }
  }
  return found;
}

function lineOfMerged(document: Document, search: Search): number | undefined {
  const sources = isSeq(search.node) ? search.node.items : [search.node];
  return sources.map((node) => lineIn(document, { ...search, node })).find((line) => line !== undefined);
}

function lineOfNode(node: Node | undefined, lines: LineCounter): number | undefined {
  const offset = node?.range?.[0];
  return offset === undefined ? undefined : lines.linePos(offset).line;
}
