/** Parses a line of Prometheus's text format. */
import { type BrokenLine, invalidExposition } from './errors.js';

/** `# HELP` or `# TYPE`. */
export interface HeaderLine {
  readonly kind: 'help' | 'type';
  readonly name: string;
  readonly text: string;
}

export interface SampleLine {
  readonly kind: 'sample';
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const HEADER = /^[ \t]*#[ \t]+(HELP|TYPE)[ \t]+([a-zA-Z_:][a-zA-Z0-9_:]*)(?:[ \t]+(.*))?$/s;
const NAME = /[ \t]*([a-zA-Z_:][a-zA-Z0-9_:]*)[ \t]*/y;
const LABEL = /[ \t]*([a-zA-Z_][a-zA-Z0-9_]*)[ \t]*=[ \t]*"((?:[^"\\]|\\.)*)"[ \t]*(,|(?=\}))/sy;
const END_OF_LABELS = /[ \t]*\}[ \t]*/y;
// After the value: a timestamp, and OpenMetrics's exemplar.
const VALUE = /[ \t]*(\S+)(?:[ \t]+-?[0-9.eE+-]+)?(?:[ \t]+#[ \t].*)?[ \t\r]*$/sy;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const SPECIAL: Readonly<Record<string, number>> = { nan: Number.NaN, inf: Number.POSITIVE_INFINITY, infinity: Number.POSITIVE_INFINITY };

/**
 * Parses a line. Returns undefined for comments and empty lines.
 * @throws TSK_ERR_FAMILY_EXPOSITION
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export function readLine(place: Omit<BrokenLine, 'why'>): HeaderLine | SampleLine | undefined {
  const { line } = place;
  const start = line.trimStart();
  if (start === '') return undefined;
  return start.startsWith('#') ? readHeader(line) : readSample(line, (why) => invalidExposition({ ...place, why }));
}

function readHeader(line: string): HeaderLine | undefined {
  const [, kind, name = '', text = ''] = HEADER.exec(line) ?? [];
  if (kind === 'TYPE') return { kind: 'type', name, text: text.trim() };
  return kind === 'HELP' ? { kind: 'help', name, text: unescaped(text) } : undefined;
}

function readSample(line: string, broken: (why: string) => Error): SampleLine {
  const name = matchAt(NAME, line, 0);
  if (name === null) throw broken('a metric name is expected at its beginning');
  const { labels, end } = readLabels(line, NAME.lastIndex, broken);
  const value = numberOf(matchAt(VALUE, line, end)?.[1]);
  if (value === undefined) throw broken('a number is expected at its end');
  return { kind: 'sample', name: name[1] as string, labels, value };
}

function readLabels(line: string, start: number, broken: (why: string) => Error): { labels: Record<string, string>; end: number } {
  // Not an object literal, because a label may be called __proto__.
  const labels = new Map<string, string>();
  if (line[start] !== '{') return { labels: {}, end: start };
  let at = start + 1;
  for (let label = matchAt(LABEL, line, at); label !== null; label = matchAt(LABEL, line, at)) {
    labels.set(label[1] as string, unescaped(label[2] as string));
    at = LABEL.lastIndex;
  }
  if (matchAt(END_OF_LABELS, line, at) === null) throw broken('its labels are not written as {name="value"}');
  return { labels: Object.fromEntries(labels), end: END_OF_LABELS.lastIndex };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function numberOf(text = ''): number | undefined {
  if (DECIMAL.test(text)) return Number(text);
  const special = SPECIAL[text.replace(/^[+-]/, '').toLowerCase()];
  return special !== undefined && text.startsWith('-') ? -special : special;
}

const ESCAPED: Readonly<Record<string, string>> = { n: '\n', '"': '"', '\\': '\\' };

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/gs, (all, character: string) => ESCAPED[character] ?? all);
}
