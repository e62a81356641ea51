/** A state and its changes give the next state, as a page applies them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LiveChange } from '../../src/api-types.js';
import { SentState } from '../../src/server/changes.js';

type Item = Readonly<Record<string, unknown>>;
type State = Record<string, unknown>;

const identityOf = ({ key, id, at }: Item): string => String(key ?? id ?? at);

/** What the docs of `LiveChange` say, and nothing else. */
function applied(state: State, { set = {}, upsert = {}, remove = {}, now }: LiveChange): State {
  const next: State = { ...state, ...set, now };
  const change = (list: string, work: (items: Item[]) => Item[]): void => {
    const [outer = '', inner] = list.split('.');
    if (inner === undefined) next[outer] = work(next[outer] as Item[]);
    else next[outer] = { ...(next[outer] as State), [inner]: work((next[outer] as State)[inner] as Item[]) };
  };
  for (const [list, items] of Object.entries(upsert))
    change(list, (before) => {
      const byIdentity = new Map(before.map((item) => [identityOf(item), item]));
      for (const item of items as Item[]) byIdentity.set(identityOf(item), item);
      return [...byIdentity.values()];
    });
  for (const [list, gone] of Object.entries(remove)) change(list, (before) => before.filter((item) => !gone.includes(identityOf(item))));
  const { from } = next['span'] as { from: number };
  change('points', (before) => before.filter(({ at }) => (at as number) > from));
  if (typeof next['heat'] === 'object') change('heat.columns', (before) => before.filter(({ at }) => (at as number) > from));
  return next;
}

/** Lists in any order. */
function sorted(state: State): State {
  const { heat, ...others } = state;
  const lists = Object.entries(others).map(([name, value]) => [name, Array.isArray(value) ? value.toSorted(byIdentity) : value]);
  const map = heat as { columns: Item[] };
  return { ...Object.fromEntries(lists), heat: { ...map, columns: map.columns.toSorted(byIdentity) } };
}

function byIdentity(a: Item, b: Item): number {
  return identityOf(a) < identityOf(b) ? -1 : 1;
}

const rows = fc.uniqueArray(fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), rate: fc.integer({ min: 0, max: 3 }) }), {
  selector: ({ key }) => key,
});

test('for any sequence of states', () => {
  const step = fc.record({
    rows,
    passed: fc.integer({ min: 1, max: 5 }),
    total: fc.integer({ min: 0, max: 2 }),
    bounds: fc.constantFrom([1, 2], [1, 2, 4]),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
      const sent = new SentState();
      let page: State | undefined;
      let now = 100;
      for (const { rows: table, passed, total, bounds } of steps) {
        now += passed;
        const times = Array.from({ length: 10 }, (_, back) => now - 9 + back);
        const state: State = {
          now,
          span: { from: now - 10, to: now },
          total,
          rows: table,
          points: times.map((at) => ({ at, rate: at % 7 })),
          heat: { bounds, lowest: 0, columns: times.map((at) => ({ at, counts: bounds.map((bound) => (at * bound) % 3) })) },
        };
        const change = sent.advance(state);
        if (page === undefined) page = structuredClone(state);
        else if (change !== undefined) page = applied(page, JSON.parse(JSON.stringify(change)));
        expect(sorted({ ...page, now, span: state['span'] })).toEqual(sorted(state));
      }
    }),
  );
});

test('nothing is sent if only time has passed', () => {
  const sent = new SentState();
  sent.advance({ now: 1, span: { from: 0, to: 1 }, rows: [{ key: 'a' }] });
  expect(sent.advance({ now: 2, span: { from: 1, to: 2 }, rows: [{ key: 'a' }] })).toBeUndefined();
});
