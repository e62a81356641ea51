/** What has changed between two states of a view. */
import type { LiveChange } from '../api-types.js';

/** Lists whose items are told apart; nested ones by their path. */
const LISTS = ['rows', 'points', 'heat.columns', 'lastErrors', 'errors', 'nodes', 'edges', 'tasks', 'metrics', 'series'];

type State = Readonly<Record<string, unknown>>;

/** A state as it was sent: its members, and the items of its lists, as text. */
export class SentState {
  readonly #members = new Map<string, string>();
  readonly #lists = new Map<string, Map<string, string>>();

  /** Remembers a state. @returns what changed since the state before; undefined if nothing but the time */
  advance(state: State): LiveChange | undefined {
    const upsert: Record<string, unknown[]> = {};
    const remove: Record<string, string[]> = {};
    const set: Record<string, unknown> = {};
    for (const [name, value] of membersOf(state)) {
      const written = JSON.stringify(value);
      if (this.#members.get(name) !== written) set[name] = value;
      this.#members.set(name, written);
    }
    // Other bounds are another heat map: its columns are replaced.
    const isNewHeat = 'heat.bounds' in set;
    for (const list of LISTS) {
      const items = itemsOf(state, list);
      if (items === undefined) continue;
      const { changed, gone } = this.#advanceList(list, items);
      if (changed.length > 0) upsert[list] = changed;
      // What is too old, the page drops by itself.
      if (gone.length > 0 && list !== 'points' && list !== 'heat.columns') remove[list] = gone;
    }
    for (const name of Object.keys(set)) if (name.startsWith('heat.')) delete set[name];
    if (isNewHeat) {
      set['heat'] = state['heat'];
      delete upsert['heat.columns'];
    }
    const { now, ...others } = set;
    const parts = [others, upsert, remove];
    if (parts.every((part) => Object.keys(part).filter((name) => name !== 'span').length === 0)) return undefined;
    return {
      now: Number(state['now']),
      ...(Object.keys(others).length > 0 && { set: others }),
      ...(Object.keys(upsert).length > 0 && { upsert }),
      ...(Object.keys(remove).length > 0 && { remove }),
    };
  }

  #advanceList(list: string, items: readonly object[]): { readonly changed: unknown[]; readonly gone: string[] } {
    const before = this.#lists.get(list) ?? new Map<string, string>();
    const now = new Map<string, string>();
    const changed: unknown[] = [];
    for (const item of items) {
      const identity = identityOf(item);
      const written = JSON.stringify(item);
      if (before.get(identity) !== written) changed.push(item);
      now.set(identity, written);
    }
    this.#lists.set(list, now);
    return { changed, gone: [...before.keys()].filter((identity) => !now.has(identity)) };
  }
}

/** Everything but the lists. */
function membersOf(state: State): [string, unknown][] {
  return Object.entries(state).flatMap(([name, value]): [string, unknown][] => {
    if (LISTS.includes(name)) return [];
    if (name === 'heat' && typeof value === 'object' && value !== null) {
      const { columns, ...others } = value as { columns: unknown };
      return Object.entries(others).map(([inner, each]) => [`heat.${inner}`, each]);
    }
    return [[name, value]];
  });
}

function itemsOf(state: State, list: string): readonly object[] | undefined {
  const found = list
    .split('.')
    .reduce<unknown>((value, name) => (typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined), state);
  return Array.isArray(found) ? (found as object[]) : undefined;
}

function identityOf(item: object): string {
  const { key, id, at } = item as { readonly key?: string; readonly id?: string | number; readonly at?: number };
  return String(key ?? id ?? at);
}
