/** What the keys do while the table is live. */
import { type Choice, type SortKey, VIEWS } from './sections.js';

/** What a person can change while the table is shown. */
export interface ViewState {
  readonly choice: Choice;
  readonly offset: number;
}

/** A key as Node's readline tells it. */
export interface Key {
  readonly name?: string | undefined;
  readonly sequence?: string | undefined;
  readonly ctrl?: boolean | undefined;
  readonly shift?: boolean | undefined;
}

type Change = (state: ViewState, pageRows: number) => ViewState;

const sortBy =
  (sort: SortKey): Change =>
  ({ choice }) => ({ choice: { ...choice, sort }, offset: 0 });

const show =
  (view: Choice['view']): Change =>
  ({ choice }) => ({ choice: { ...choice, view }, offset: 0 });

const scroll =
  (lines: (pageRows: number) => number): Change =>
  (state, pageRows) => ({ ...state, offset: Math.max(0, state.offset + lines(pageRows)) });

const nextView: Change = (state, pageRows) => {
  const next = VIEWS[(VIEWS.indexOf(state.choice.view) + 1) % VIEWS.length] ?? 'both';
  return show(next)(state, pageRows);
};

const CHANGES: Readonly<Record<string, Change>> = {
  r: sortBy('rate'),
  e: sortBy('errors'),
  p: sortBy('p95'),
  n: sortBy('name'),
  '0': show('both'),
  '1': show('routes'),
  '2': show('methods'),
  tab: nextView,
  up: scroll(() => -1),
  k: scroll(() => -1),
  down: scroll(() => 1),
  j: scroll(() => 1),
  pageup: scroll((pageRows) => -pageRows),
  pagedown: scroll((pageRows) => pageRows),
  space: scroll((pageRows) => pageRows),
  home: scroll(() => Number.NEGATIVE_INFINITY),
  g: scroll(() => Number.NEGATIVE_INFINITY),
  end: scroll(() => Number.MAX_SAFE_INTEGER),
};

/** What a key asks of the command itself. */
export type Request = 'quit' | 'suspend';

// The terminal does nothing by itself with Ctrl and a letter while it hands over every key.
const REQUESTS: Readonly<Record<string, Request>> = { q: 'quit', 'ctrl-c': 'quit', 'ctrl-d': 'quit', 'ctrl-z': 'suspend' };

/** The state after a key, or what it asks for. A key that means nothing changes nothing. */
export function press(state: ViewState, key: Key, pageRows: number): ViewState | Request {
  const name = key.name ?? key.sequence ?? '';
  const pressed = key.ctrl ? `ctrl-${name}` : name;
  if (Object.hasOwn(REQUESTS, pressed)) return REQUESTS[pressed] ?? state;
  if (key.ctrl) return state;
  return Object.hasOwn(CHANGES, name) ? (CHANGES[name]?.(state, pageRows) ?? state) : state;
}
