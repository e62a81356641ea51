/** Builds a registry of what the fleet keeps in Redis. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type FamilyHead, type MetricSnapshot, MetricsRegistry, type MetricValue, numberOf } from '@tsukimi/metrics';
import type { CurrentFamily, CurrentState } from '../delivery/current-values.js';
import { labelsOf } from '../key-text.js';
import { distributionOf } from './stored-distribution.js';
import type { TotalsReader } from './totals-reader.js';

/** The label that current values have, so that those of several processes are told apart. */
export const PROCESS_LABEL = 'fleet_process';

/** Series that are added in one turn of the event loop. */
const AT_ONCE = 100;

/** The head of a family as it is kept in Redis. */
interface StoredHead extends Omit<FamilyHead, 'name'> {
  readonly type: 'counter' | 'histogram' | 'summary';
  readonly bounds?: readonly number[];
}

type State = Omit<object, 'labels'>;

/** Series by the text of their labels, and what is common to them. */
interface Family {
  readonly name: string;
  readonly head: object;
  readonly series: readonly (readonly [labels: Readonly<Record<string, string>>, state: State])[];
}

/** Called for a family that does not fit to the others: its processes have registered it with different types, for example. */
export type LeftOut = (metric: string, why: string) => void;

/** Reads all families. Each time a new registry is made: series of dead processes are gone. Totals come before current values. */
export async function readFleetRegistry(totals: TotalsReader, leftOut: LeftOut): Promise<MetricsRegistry> {
  const registry = new MetricsRegistry({ maxSeriesPerMetric: Number.MAX_SAFE_INTEGER, maxRecordedNames: Number.MAX_SAFE_INTEGER });
  const [created] = await totals.values(['created']);
  const createdSeconds = created === undefined ? undefined : Date.parse(created) / 1000;
  for (const [name, head] of sorted(await totals.hash('families'))) {
    const family = await readTotals(totals, { name, head: JSON.parse(head) as StoredHead });
    await addFamily(registry, withCreated(family, createdSeconds), leftOut);
  }
  for (const family of currentFamilies(await readCurrent(totals), leftOut)) await addFamily(registry, family, leftOut);
  return registry;
}

/** Returns the current values of the processes that live. */
export async function readCurrent(totals: TotalsReader): Promise<readonly CurrentState[]> {
  const ids = await totals.members('processes');
  const texts = await totals.values(ids.map((id) => `current:${id}`));
  const states = texts.flatMap((text) => (text === undefined ? [] : [JSON.parse(text) as CurrentState]));
  return states.sort((one, other) => (one.process < other.process ? -1 : 1));
}

async function readTotals(totals: TotalsReader, { name, head }: { readonly name: string; readonly head: StoredHead }): Promise<Family> {
  if (head.type === 'histogram') {
    const labels = sorted(await totals.hash(`histograms:${name}`)).map(([each]) => each);
    const hashes = await totals.hashes(labels.map((each) => `histogram:${name}:${each}`));
    const series = labels.map((each, index) => [labelsOf(each), distributionOf(hashes[index] ?? new Map(), head.bounds ?? [])] as const);
    return { name, head, series };
  }
  if (head.type === 'summary') {
    const [counts, sums] = [await totals.hash(`summary_count:${name}`), await totals.hash(`summary_sum:${name}`)];
    // The quantiles of several processes can't be merged.
    const shape = { quantiles: [], maxAgeSeconds: null, ageBuckets: 1 };
    const series = sorted(counts).map(([each, count]) => {
      return [labelsOf(each), { count: Number(count), sum: Math.max(0, Number(sums.get(each) ?? 0)), window: [] }] as const;
    });
    return { name, head: { ...head, ...shape }, series };
  }
  const values = await totals.hash(`counter:${name}`);
  return { name, head, series: sorted(values).map(([each, value]) => [labelsOf(each), { value: Number(value) }] as const) };
}

/** In the order of names: that of Redis changes. */
function sorted(fields: ReadonlyMap<string, string>): readonly (readonly [name: string, value: string])[] {
  return [...fields].sort(([one], [other]) => (one < other ? -1 : 1));
}

function withCreated({ series, ...family }: Family, createdSeconds: number | undefined): Family {
  if (createdSeconds === undefined) return { ...family, series };
  return { ...family, series: series.map(([labels, state]) => [labels, { ...state, createdSeconds }] as const) };
}

/** The families of all processes, with a label for the process. */
function currentFamilies(states: readonly CurrentState[], leftOut: LeftOut): readonly Family[] {
  const families = new Map<string, { head: Omit<CurrentFamily, 'name' | 'values'>; series: [Record<string, string>, State][] }>();
  for (const { process, families: own } of states) {
    for (const { name, values, ...head } of own) {
      const family = families.get(name) ?? { head, series: [] };
      families.set(name, family);
      if (head.type !== family.head.type) {
        leftOut(name, `its type is ${head.type} in ${process}, and ${family.head.type} in another process`);
        continue;
      }
      if (head.states !== undefined)
        family.head = { ...family.head, states: [...new Set([...(family.head.states ?? []), ...head.states])] };
      for (let index = 0; index + 1 < values.length; index += 2) {
        const state = currentState(head.type, values[index + 1] as CurrentFamily['values'][number]);
        if (state !== undefined) family.series.push([ofProcess(labelsOf(String(values[index])), process), state]);
      }
    }
  }
  return [...families].map(([name, { head, series }]) => ({ name, head: { aggregator: 'first', ...head }, series }));
}

/** A label of the same name that a metric has is kept, as Prometheus keeps those that its own labels hide. */
function ofProcess({ [PROCESS_LABEL]: own, ...labels }: Readonly<Record<string, string>>, process: string): Record<string, string> {
  return { ...labels, ...(own !== undefined && { [`exported_${PROCESS_LABEL}`]: own }), [PROCESS_LABEL]: process };
}

function currentState(type: CurrentFamily['type'], value: CurrentFamily['values'][number]): State | undefined {
  if (type === 'stateset') return { active: value };
  if (type === 'info') return {};
  // A snapshot has no NaN.
  return Number.isNaN(numberOf(value as MetricValue)) ? undefined : { value };
}

/** Adds a family in slices. One that does not fit must not hide all others. */
async function addFamily(registry: MetricsRegistry, { name, head, series }: Family, leftOut: LeftOut): Promise<void> {
  if (registry.getSingleMetric(name) !== undefined && series.length === 0) return;
  const labelNames = [...new Set(series.flatMap(([labels]) => Object.keys(labels)))].sort();
  for (let start = 0; start === 0 || start < series.length; start += AT_ONCE) {
    const slice = series.slice(start, start + AT_ONCE);
    const states = slice.map(([labels, state]) => ({ labels: labelNames.map((label) => labels[label] ?? ''), ...state }));
    try {
      registry.merge({ version: 1, metrics: [{ name, ...head, labelNames, series: states } as unknown as MetricSnapshot] });
    } catch (error) {
      leftOut(name, error instanceof Error ? error.message : String(error));
      return;
    }
    await nextTurn();
  }
}
