/** Names each series on the wire: one name for each series, and no name for two. */
import type { LabelRecord, MetricFamily } from '@tsukimi/metrics';
import { hashed } from './hashed.js';
import type { StatsdSettings } from './options.js';
import { dottedName, namePart } from './plain-name.js';
import { tagSection } from './tags.js';

/** What a label set is called: the text before the suffix, between suffix and value, and after the type. */
export interface WireName {
  line(suffix: string, value: string, type: string): string;
}

/** The part of a family that its names are made of. */
type Family = Pick<MetricFamily, 'name' | 'type'>;

export interface SeriesNamesOptions {
  readonly settings: Pick<StatsdSettings, 'mode' | 'prefix' | 'tags'>;
  /** Returns the label names of a metric in their order; undefined if it is not known. */
  readonly labelNames: (metric: string) => readonly string[] | undefined;
  /** Called when a name was given already, to another series. */
  readonly onTaken: (metric: string, name: string) => void;
}

/** So many names are remembered. Series that come later may get the name of one that is gone. */
const MOST_NAMES = 200_000;

/** The names of all series that were sent. */
export class SeriesNames {
  readonly #options: SeriesNamesOptions;
  /** By metric, and by the object with the labels, which stays the same as long as the series exists. */
  readonly #known = new Map<string, WeakMap<LabelRecord, Map<string, WireName>>>();
  /** The series that has a name. */
  readonly #owners = new Map<string, string>();

  constructor(options: SeriesNamesOptions) {
    this.#options = options;
  }

  /** @param state the state, of a state set */
  of(family: Family, labels: LabelRecord, state?: string): WireName {
    const id = `${family.type} ${family.name}`;
    const metric = this.#known.get(id) ?? new WeakMap<LabelRecord, Map<string, WireName>>();
    this.#known.set(id, metric);
    const names = metric.get(labels) ?? new Map<string, WireName>();
    metric.set(labels, names);
    const key = state ?? '';
    const name = names.get(key) ?? this.#named(family, state === undefined ? labels : { ...labels, [family.name]: state });
    names.set(key, name);
    return name;
  }

  #named(family: Family, labels: LabelRecord): WireName {
    const { mode, prefix, tags } = this.#options.settings;
    const stem = prefix + dottedName(family.name, family.type);
    const heads = new Map<string, string>();
    const identity = JSON.stringify([family.type, family.name, ...Object.entries(labels).sort(byKey)]);
    const section = mode === 'dogstatsd' ? tagSection({ ...withoutKeys(tags, labels), ...labels }) : '';
    const parts = mode === 'plain' ? this.#partsOf(family, labels) : '';
    return {
      line: (suffix, value, type) => {
        const head = heads.get(suffix) ?? this.#claimed(family, { name: stem + parts + suffix, section, owner: identity + suffix });
        heads.set(suffix, head);
        return `${head}:${value}|${type}${section}`;
      },
    };
  }

  /** Label values in the order of the metric's labels; default labels follow, with their names. */
  #partsOf({ name, type }: Family, labels: LabelRecord): string {
    const declared = this.#options.labelNames(name) ?? Object.keys(labels).sort();
    const own = type === 'stateset' ? [...declared, name] : declared;
    const further = Object.keys(labels).filter((label) => !own.includes(label));
    const parts = own.map((label) => namePart(label, labels[label] ?? ''));
    for (const label of further.sort()) parts.push(namePart('', label), namePart(label, labels[label] ?? ''));
    return parts.map((part) => `.${part}`).join('');
  }

  #claimed({ name: metric }: Family, { name, section, owner }: { name: string; section: string; owner: string }): string {
    const claim = name + section;
    const current = this.#owners.get(claim);
    if (current === undefined) {
      if (this.#owners.size >= MOST_NAMES) this.#owners.clear();
      this.#owners.set(claim, owner);
    }
    if (current === undefined || current === owner) return name;
    this.#options.onTaken(metric, name);
    return hashed(name, owner);
  }
}

function withoutKeys(tags: LabelRecord, labels: LabelRecord): LabelRecord {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !Object.hasOwn(labels, key)));
}

function byKey([one]: readonly [string, string], [other]: readonly [string, string]): number {
  return one < other ? -1 : 1;
}
