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

/** The names of a label set. */
interface KnownName {
  readonly metric: string;
  readonly type: string;
  name: WireName | undefined;
  /** Of a state set. */
  states: Map<string, WireName> | undefined;
}

/** So many names are remembered. Series that come later may get the name of one that is gone. */
const MOST_NAMES = 200_000;

/** The names of all series that were sent. */
export class SeriesNames {
  readonly #options: SeriesNamesOptions;
  /** By the object with the labels, which stays the same as long as the series exists. */
  readonly #known = new WeakMap<LabelRecord, KnownName>();
  /** The series that has a name. */
  readonly #owners = new Map<string, string>();

  constructor(options: SeriesNamesOptions) {
    this.#options = options;
  }

  /** @param state the state, of a state set */
  of(family: Family, labels: LabelRecord, state?: string): WireName {
    let known = this.#known.get(labels);
    if (known === undefined || known.metric !== family.name || known.type !== family.type) {
      known = { metric: family.name, type: family.type, name: undefined, states: undefined };
      this.#known.set(labels, known);
    }
    if (state !== undefined) return this.#ofState(known, family, { ...labels, [family.name]: state });
    known.name ??= this.#named(family, labels);
    return known.name;
  }

  #ofState(known: KnownName, family: Family, labels: LabelRecord): WireName {
    const state = labels[family.name] as string;
    known.states ??= new Map();
    const name = known.states.get(state) ?? this.#named(family, labels);
    known.states.set(state, name);
    return name;
  }

  #named(family: Family, labels: LabelRecord): WireName {
    const { mode, prefix, tags } = this.#options.settings;
    const stem = prefix + dottedName(family.name, family.type);
    let plain: string | undefined;
    const heads = new Map<string, string>();
    const identity = JSON.stringify([family.type, family.name, ...Object.entries(labels).sort(byKey)]);
    const section = mode === 'dogstatsd' ? tagSection({ ...withoutKeys(tags, labels), ...labels }) : '';
    const parts = mode === 'plain' ? this.#partsOf(family, labels) : '';
    const headOf = (suffix: string): string => {
      const head = heads.get(suffix) ?? this.#claimed(family, { name: stem + parts + suffix, section, owner: identity + suffix });
      heads.set(suffix, head);
      return head;
    };
    return {
      line: (suffix, value, type) => {
        // Most series have one line.
        if (suffix === '') plain ??= headOf('');
        return `${suffix === '' ? plain : headOf(suffix)}:${value}|${type}${section}`;
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
