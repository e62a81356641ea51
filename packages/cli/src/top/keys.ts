/** The keys of the live table. */
import { type Choice, type SortKey, VIEWS } from './sections.js';

/** The part of the view that keys can change. */
export interface ViewState {
  readonly choice: Choice;
  readonly offset: number;
}

/** A key, as Node's readline reports it. */
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

/** A request to the command itself. */
export type Request = 'quit' | 'suspend';

// In raw mode, the terminal does not handle Ctrl with a letter itself.
const REQUESTS: Readonly<Record<string, Request>> = { q: 'quit', 'ctrl-c': 'quit', 'ctrl-d': 'quit', 'ctrl-z': 'suspend' };

/** Returns the state after a key, or its request. Unknown keys change nothing. */
export function press(state: ViewState, key: Key, pageRows: number): ViewState | Request {
  const name = key.name ?? key.sequence ?? '';
  const pressed = key.ctrl ? `ctrl-${name}` : name;
  if (Object.hasOwn(REQUESTS, pressed)) return REQUESTS[pressed] ?? state;
  if (key.ctrl) return state;
  return Object.hasOwn(CHANGES, name) ? (CHANGES[name]?.(state, pageRows) ?? state) : state;
}
