/** Reads one YAML file as a mapping, and says where and why it cannot. */
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { LineCounter, parseDocument, type YAMLError } from 'yaml';
import { configurationNotMapping, configurationSyntax, configurationUnreadable } from '../errors/configuration.js';
import { isMapping, type Mapping } from './mapping.js';

const MENDS: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'Indent with spaces: YAML allows no tabs there.',
  DUPLICATE_KEY: 'Keep one of the two.',
  BAD_INDENT: 'Correct the indentation, or close what is still open.',
  MULTIPLE_DOCS: 'Keep one document: remove the line "---" and what follows it.',
};

/**
 * The mapping in a file; undefined where there is no such file. An empty file is an empty mapping.
 * @throws TSK_ERR_CONFIGURATION_UNREADABLE, TSK_ERR_CONFIGURATION_SYNTAX with line and column, TSK_ERR_CONFIGURATION_ROOT
 */
export async function readYamlFile(path: string): Promise<Mapping | undefined> {
  const text = await readText(path);
  if (text === undefined) return undefined;
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const [problem] = document.errors;
  if (problem !== undefined) throw syntaxError(path, problem, lines);
  const root: unknown = toPlain(path, () => document.toJS());
  if (root === null || root === undefined) return {};
  if (!isMapping(root)) throw configurationNotMapping(shortPath(path), root);
  return root;
}

/** A path as people know it: relative to the working directory where it is below it. */
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

function syntaxError(path: string, problem: YAMLError, lines: LineCounter): Error {
  const { line, col } = lines.linePos(problem.pos[0]);
  const where = `${shortPath(path)}, line ${line}, column ${col}`;
  return configurationSyntax({ where, problem: problem.message, mend: MENDS[problem.code] ?? 'Correct that line.', cause: problem });
}

// An alias without its anchor, or too many of them, only shows when the document is turned into plain values.
function toPlain(path: string, convert: () => unknown): unknown {
  try {
    return convert();
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw configurationSyntax({ where: shortPath(path), problem, mend: 'Correct the anchors and aliases.', cause: error });
  }
}
