/** Applies what a stream says has changed. What did not change keeps its identity, so that it is not drawn again. */
import type { LiveChange } from '../../src/api-types.js';

type State = Readonly<Record<string, unknown>>;
type Item = { readonly key?: string; readonly id?: string | number; readonly at?: number };

/** Lists of times: what is before the range is dropped. */
const OVER_TIME = ['points', 'heat.columns'];

export function applyChange<S extends object>(state: S, { now, set = {}, upsert = {}, remove = {} }: LiveChange): S {
  const next: Record<string, unknown> = { ...(state as State), ...set, now };
  for (const name of new Set([...Object.keys(upsert), ...Object.keys(remove)])) {
    const items = listIn(next, name);
    if (items !== undefined) put(next, name, merged(items, upsert[name] ?? [], remove[name] ?? []));
  }
  const from = (next['span'] as { readonly from: number } | undefined)?.from;
  if (from === undefined) return next as S;
  for (const name of OVER_TIME) {
    const items = listIn(next, name);
    if (items?.some((item) => (item.at ?? 0) <= from))
      put(
        next,
        name,
        items.filter((item) => (item.at ?? 0) > from),
      );
  }
  return next as S;
}

function merged(items: readonly Item[], changed: readonly unknown[], gone: readonly string[]): Item[] {
  const news = new Map((changed as readonly Item[]).map((item) => [identityOf(item), item]));
  const dropped = new Set(gone);
  const kept = items.flatMap((item) => {
    const identity = identityOf(item);
    if (dropped.has(identity)) return [];
    const replaced = news.get(identity);
    if (replaced === undefined) return item;
    news.delete(identity);
    return replaced;
  });
  return [...kept, ...news.values()];
}

function identityOf({ key, id, at }: Item): string {
  return String(key ?? id ?? at);
}

function listIn(state: State, name: string): readonly Item[] | undefined {
  const [first = '', second] = name.split('.');
  const outer = state[first];
  const list = second === undefined ? outer : (outer as State | null | undefined)?.[second];
  return Array.isArray(list) ? list : undefined;
}

function put(state: Record<string, unknown>, name: string, items: readonly Item[]): void {
  const [first = '', second] = name.split('.');
  state[first] = second === undefined ? items : { ...(state[first] as State), [second]: items };
}
