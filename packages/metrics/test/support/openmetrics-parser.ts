/** An independent reader of OpenMetrics 1.0.0, which forgives nothing the specification forbids, nor what it says one should not do. */

export interface OpenMetricsExemplar {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly timestamp: number | undefined;
}

export interface OpenMetricsSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly exemplar: OpenMetricsExemplar | undefined;
}

export interface OpenMetricsFamily {
  readonly name: string;
  readonly type: string;
  readonly unit: string | undefined;
  readonly help: string | undefined;
  readonly samples: OpenMetricsSample[];
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const NUMBER = /^(?:[+-]?(?:\d+(?:\.\d*)?|\d*\.\d+)(?:[eE][+-]?\d+)?|[+-]?[iI][nN][fF](?:inity)?|[nN]a[nN])$/;
const TEXT = '(?:[^"\\\\\\n]|\\\\[n"\\\\])*';
const LABEL = new RegExp(`([a-zA-Z_][a-zA-Z0-9_]*)="(${TEXT})"(,|$)`, 'sy');
const BRACES = `\\{((?:[a-zA-Z_][a-zA-Z0-9_]*="${TEXT}",?)*)\\}`;
const SAMPLE = new RegExp(`^(${NAME})(?:${BRACES})? ([^ ]+)(?: # ${BRACES} ([^ ]+)(?: ([^ ]+))?)?$`, 's');

/** What the names of a family's samples end in, and what else no other family may be called. */
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: ['_total', '_created'],
  gauge: [''],
  histogram: ['_bucket', '_sum', '_count', '_created'],
  summary: ['', '_sum', '_count', '_created'],
  info: ['_info'],
  stateset: [''],
  unknown: [''],
};

/**
 * Reads a whole exposition.
 * @see https://prometheus.io/docs/specs/om/open_metrics_spec/
 */
export function parseOpenMetrics(text: string): OpenMetricsFamily[] {
  if (!text.endsWith('# EOF\n')) throw new Error('It does not end in "# EOF".');
  if (!text.isWellFormed()) throw new Error('It is not valid Unicode.');
  const lines = text.split('\n').slice(0, -2);
  const families: OpenMetricsFamily[] = [];
  const taken = new Set<string>();
  for (let at = 0; at < lines.length; ) {
    const begun = readMetadata(lines, at);
    const family = begun.family;
    for (const suffix of new Set([...(SUFFIXES[family.type] ?? []), ''])) {
      if (taken.has(family.name + suffix)) throw new Error(`The name ${family.name + suffix} is of two families.`);
      taken.add(family.name + suffix);
    }
    families.push(family);
    for (at = begun.next; at < lines.length && !lines[at]?.startsWith('#'); at += 1) family.samples.push(readSample(lines[at] ?? ''));
    checkFamily(family);
  }
  return families;
}

function readMetadata(lines: readonly string[], start: number): { family: OpenMetricsFamily; next: number } {
  const metadata = new Map<string, { name: string; text: string }>();
  let at = start;
  for (const kind of ['TYPE', 'UNIT', 'HELP']) {
    const match = new RegExp(`^# ${kind} (${NAME}) (.*)$`, 's').exec(lines[at] ?? '');
    if (match === null) continue;
    metadata.set(kind, { name: match[1] as string, text: match[2] as string });
    at += 1;
  }
  const type = metadata.get('TYPE');
  if (type === undefined) throw new Error(`A family begins without a TYPE: ${lines[start]}`);
  if (SUFFIXES[type.text] === undefined) throw new Error(`No type: ${type.text}`);
  if ([...metadata.values()].some(({ name }) => name !== type.name)) throw new Error(`Metadata of two families: ${lines[start]}`);
  const unit = metadata.get('UNIT')?.text;
  if (unit !== undefined && !type.name.endsWith(`_${unit}`)) throw new Error(`${type.name} does not end in its unit ${unit}.`);
  if (unit !== undefined && (type.text === 'info' || type.text === 'stateset')) throw new Error(`${type.name} may not have a unit.`);
  const help = metadata.get('HELP')?.text;
  if (help !== undefined && !new RegExp(`^${TEXT}$`, 's').test(help)) throw new Error(`The help is not escaped: ${help}`);
  return { family: { name: type.name, type: type.text, unit, help: help && unescaped(help), samples: [] }, next: at };
}

function readSample(line: string): OpenMetricsSample {
  const match = SAMPLE.exec(line);
  if (match === null) throw new Error(`Not a sample: ${line}`);
  const [, name = '', labels = '', value = '', exemplarLabels, exemplarValue, timestamp] = match;
  const exemplar =
    exemplarLabels === undefined && exemplarValue === undefined
      ? undefined
      : {
          labels: readLabels(exemplarLabels ?? ''),
          value: number(exemplarValue),
          timestamp: timestamp === undefined ? undefined : number(timestamp),
        };
  return { name, labels: readLabels(labels), value: number(value), exemplar };
}

function readLabels(text: string): Record<string, string> {
  const labels = new Map<string, string>();
  for (let at = 0; at < text.length; at = LABEL.lastIndex) {
    LABEL.lastIndex = at;
    const match = LABEL.exec(text);
    if (match === null) throw new Error(`Broken labels: ${text}`);
    const [, name = '', value = '', comma] = match;
    if (comma === ',' && LABEL.lastIndex === text.length) throw new Error(`A comma too many: ${text}`);
    if (labels.has(name)) throw new Error(`The label ${name} comes twice: ${text}`);
    if (name.startsWith('__')) throw new Error(`The label ${name} is reserved.`);
    labels.set(name, unescaped(value));
  }
  return Object.fromEntries(labels);
}

function number(text = ''): number {
  if (!NUMBER.test(text)) throw new Error(`Not a number: ${text}`);
  return Number(text.replace(/^([+-]?)inf$/i, '$1Infinity').replace(/^nan$/i, 'NaN'));
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));
}

function checkFamily(family: OpenMetricsFamily): void {
  const names = (SUFFIXES[family.type] ?? []).map((suffix) => family.name + suffix);
  const seen = new Set<string>();
  const points: string[] = [];
  for (const sample of family.samples) {
    if (!names.includes(sample.name)) throw new Error(`${sample.name} stands among the samples of ${family.type} ${family.name}.`);
    const identity = JSON.stringify([sample.name, Object.entries(sample.labels).sort()]);
    if (seen.has(identity)) throw new Error(`The sample comes twice: ${identity}`);
    seen.add(identity);
    const point = pointOf(family, sample);
    if (points.at(-1) !== point) points.push(point);
    checkSample(family, sample);
  }
  if (new Set(points).size < points.length) throw new Error(`The metrics of ${family.name} are interleaved.`);
  for (const point of new Set(points))
    checkPoint(
      family,
      family.samples.filter((sample) => pointOf(family, sample) === point),
    );
}

/** The labels that tell one metric of a family from another. */
function pointOf(family: OpenMetricsFamily, { labels }: OpenMetricsSample): string {
  const own = { histogram: 'le', summary: 'quantile', stateset: family.name }[family.type] ?? '';
  return JSON.stringify(
    Object.entries(labels)
      .filter(([name]) => name !== own)
      .sort(),
  );
}

function checkSample(family: OpenMetricsFamily, { name, labels, value, exemplar }: OpenMetricsSample): void {
  const { type } = family;
  const mayHaveExemplar = name.endsWith('_bucket') || (type === 'counter' && name.endsWith('_total'));
  if (exemplar !== undefined && !mayHaveExemplar) throw new Error(`${name} may not have an exemplar.`);
  if (exemplar !== undefined) checkExemplar(exemplar);
  if (type === 'counter' && !(value >= 0)) throw new Error(`${name} is ${value}.`);
  if (/_(bucket|count)$/.test(name) && (type === 'histogram' || type === 'summary') && !(Number.isInteger(value) && value >= 0))
    throw new Error(`${name} is ${value}.`);
  if (type === 'info' && value !== 1) throw new Error(`The info ${name} is ${value}.`);
  if (type === 'stateset' && value !== 0 && value !== 1) throw new Error(`The state ${name} is ${value}.`);
  if (type === 'stateset' && labels[family.name] === undefined) throw new Error(`${name} names no state.`);
  if (name.endsWith('_bucket') && type === 'histogram') checkCanonical(labels['le']);
  if (name === family.name && type === 'summary') checkCanonical(labels['quantile']);
}

function checkExemplar({ labels }: OpenMetricsExemplar): void {
  if ([...Object.entries(labels).flat().join('')].length > 128) throw new Error('An exemplar is too long.');
}

function checkCanonical(text = ''): void {
  const isCanonical = text === '+Inf' || /^-?\d\.\d+e[+-]\d\d+$|^-?\de[+-]\d\d+$|^-?\d+\.\d+$/.test(text);
  if (!isCanonical) throw new Error(`Not a canonical number: ${text}`);
}

function checkPoint(family: OpenMetricsFamily, samples: readonly OpenMetricsSample[]): void {
  if (family.type !== 'histogram') return;
  const buckets = samples.filter(({ name }) => name === `${family.name}_bucket`);
  const bounds = buckets.map(({ labels }) => number(labels['le']));
  const isRising = (values: readonly number[], atLeast: number) =>
    values.every((value, index) => index === 0 || value - (values[index - 1] as number) >= atLeast || value === Number.POSITIVE_INFINITY);
  if (
    !isRising(bounds, Number.MIN_VALUE) ||
    !isRising(
      buckets.map(({ value }) => value),
      0,
    )
  )
    throw new Error(`The buckets of ${family.name} do not rise.`);
  if (bounds.at(-1) !== Number.POSITIVE_INFINITY) throw new Error(`${family.name} has no bucket +Inf.`);
  const sum = samples.find(({ name }) => name === `${family.name}_sum`);
  const count = samples.find(({ name }) => name === `${family.name}_count`);
  if ((sum === undefined) !== (count === undefined)) throw new Error(`${family.name} has one of sum and count.`);
  if (sum !== undefined && (bounds[0] as number) < 0) throw new Error(`${family.name} has a sum with buckets below 0.`);
  if (count !== undefined && count.value !== buckets.at(-1)?.value) throw new Error(`The count of ${family.name} is not its +Inf bucket.`);
  for (const [index, { exemplar }] of buckets.entries()) {
    const below = index === 0 ? Number.NEGATIVE_INFINITY : (bounds[index - 1] as number);
    if (exemplar !== undefined && !(exemplar.value > below && exemplar.value <= (bounds[index] as number)))
      throw new Error(`An exemplar of ${family.name} is outside of its bucket.`);
  }
}
