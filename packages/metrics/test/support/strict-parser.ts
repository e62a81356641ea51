/** An independent reader of Prometheus's text format 0.0.4, which forgives nothing. */

export interface ParsedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface ParsedFamily {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly samples: ParsedSample[];
}

const HELP = /^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)$/s;
const TYPE = /^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram|summary|untyped)$/;
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.+)\})? (\S+)$/s;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\n|\\")*)"(,|$)/sy;
const NUMBER = /^(?:[+-]Inf|NaN|[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/;

/**
 * Reads a whole exposition: HELP, TYPE, then the samples of each family, none twice.
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export function parseStrictly(text: string): ParsedFamily[] {
  if (text !== '' && !text.endsWith('\n')) throw new Error('The last line does not end with a line feed.');
  const families: ParsedFamily[] = [];
  const seen = new Set<string>();
  const lines = text.split('\n').slice(0, -1);
  for (let at = 0; at < lines.length; ) {
    const family = readHeader(lines[at], lines[at + 1]);
    if (families.some(({ name }) => name === family.name)) throw new Error(`${family.name} comes twice.`);
    families.push(family);
    for (at += 2; at < lines.length && !lines[at]?.startsWith('# '); at += 1)
      family.samples.push(readSample(lines[at] ?? '', family, seen));
    if (family.type === 'histogram') checkHistogram(family);
  }
  return families;
}

function readHeader(helpLine = '', typeLine = ''): ParsedFamily {
  const help = HELP.exec(helpLine);
  const type = TYPE.exec(typeLine);
  if (help === null || type === null || help[1] !== type[1]) throw new Error(`Not a header: ${helpLine} / ${typeLine}`);
  return { name: help[1] as string, help: unescaped(help[2] as string), type: type[2] as string, samples: [] };
}

function readSample(line: string, family: ParsedFamily, seen: Set<string>): ParsedSample {
  const match = SAMPLE.exec(line);
  if (match === null) throw new Error(`Not a sample: ${line}`);
  const [, name = '', labelText = '', number = ''] = match;
  if (!NUMBER.test(number)) throw new Error(`Not a number: ${line}`);
  if (!namesOf(family).includes(name)) throw new Error(`${name} stands among the samples of ${family.name}.`);
  const labels = readLabels(labelText, line);
  const identity = JSON.stringify([name, Object.entries(labels).sort()]);
  if (seen.has(identity)) throw new Error(`The sample comes twice: ${line}`);
  seen.add(identity);
  return { name, labels, value: Number(number.replace('Inf', 'Infinity')) };
}

function readLabels(text: string, line: string): Record<string, string> {
  const labels = new Map<string, string>();
  for (let at = 0; at < text.length; at = LABEL.lastIndex) {
    LABEL.lastIndex = at;
    const match = LABEL.exec(text);
    if (match === null) throw new Error(`Broken labels: ${line}`);
    const [, name = '', value = '', comma] = match;
    if (labels.has(name)) throw new Error(`The label ${name} comes twice: ${line}`);
    if (comma === ',' && LABEL.lastIndex === text.length) throw new Error(`A comma too many: ${line}`);
    labels.set(name, unescaped(value));
  }
  return Object.fromEntries(labels);
}

function namesOf({ name, type }: ParsedFamily): string[] {
  if (type === 'histogram') return [`${name}_bucket`, `${name}_sum`, `${name}_count`];
  if (type === 'summary') return [name, `${name}_sum`, `${name}_count`];
  return [name];
}

function checkHistogram({ name, samples }: ParsedFamily): void {
  const groups = new Map<string, ParsedSample[]>();
  for (const sample of samples) {
    const { le: _, ...rest } = sample.labels;
    const labels = JSON.stringify(rest);
    groups.set(labels, [...(groups.get(labels) ?? []), sample]);
  }
  for (const [labels, group] of groups) {
    const buckets = group.filter((sample) => sample.name.endsWith('_bucket'));
    const values = buckets.map(({ value }) => value);
    const bounds = buckets.map((sample) => Number(sample.labels['le']?.replace('Inf', 'Infinity')));
    if (!isAscending(values) || !isAscending(bounds)) throw new Error(`${name}${labels}: buckets are not cumulative.`);
    const count = group.find((sample) => sample.name.endsWith('_count'))?.value;
    if (bounds.at(-1) !== Number.POSITIVE_INFINITY || values.at(-1) !== count) throw new Error(`${name}${labels}: +Inf is not the count.`);
  }
}

function isAscending(numbers: readonly number[]): boolean {
  return numbers.every((number, index) => index === 0 || number >= (numbers[index - 1] as number));
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));
}
