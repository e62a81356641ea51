/** What the address bar says: the view, the range and what the view keeps there, so that all of it can be shared as a link. */

/** The last seconds, or a fixed range in seconds since 1970. */
export type Range = { readonly seconds: number } | { readonly from: number; readonly to: number };

export interface Address {
  readonly view: string;
  readonly range: Range;
  /** Of the view: a filter, an order, what is open. */
  readonly params: Readonly<Record<string, string>>;
}

/** What to change; undefined takes a parameter away. */
export interface Change {
  /** Another view begins without the parameters of the one before. */
  readonly view?: string;
  readonly range?: Range;
  readonly params?: Readonly<Record<string, string | undefined>>;
}

export const DEFAULT_VIEW = 'overview';
export const DEFAULT_SECONDS = 900;

/** The longest range that the server knows. */
const LONGEST_SECONDS = 86_400;

const SHELL = ['view', 'range', 'from', 'to'];

export function parseAddress(search: string): Address {
  const query = new URLSearchParams(search);
  const params = Object.fromEntries([...query].filter(([name]) => !SHELL.includes(name)));
  return { view: query.get('view') || DEFAULT_VIEW, range: rangeOf(query), params };
}

/** The query of an address. Defaults are left out. */
export function formatAddress({ view, range, params }: Address): string {
  const query = new URLSearchParams();
  if (view !== DEFAULT_VIEW) query.set('view', view);
  for (const [name, value] of Object.entries(rangeQuery(range)))
    if (name !== 'range' || value !== String(DEFAULT_SECONDS)) query.set(name, value);
  for (const [name, value] of Object.entries(params)) query.set(name, value);
  return `?${query}`;
}

export function changed(address: Address, { view, range, params = {} }: Change): Address {
  const kept = view === undefined || view === address.view ? address.params : {};
  const all = Object.entries({ ...kept, ...params }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '',
  );
  return { view: view ?? address.view, range: range ?? address.range, params: Object.fromEntries(all) };
}

/** The range as the API takes it. */
export function rangeQuery(range: Range): Record<string, string> {
  return 'seconds' in range ? { range: String(range.seconds) } : { from: String(range.from), to: String(range.to) };
}

export function isFixed(range: Range): range is { readonly from: number; readonly to: number } {
  return !('seconds' in range);
}

function rangeOf(query: URLSearchParams): Range {
  const [from, to] = [numberIn(query, 'from'), numberIn(query, 'to')];
  if (from !== undefined && to !== undefined && to > from) return { from, to };
  const seconds = numberIn(query, 'range');
  return { seconds: seconds !== undefined && seconds >= 1 && seconds <= LONGEST_SECONDS ? seconds : DEFAULT_SECONDS };
}

function numberIn(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  return text === null || text === '' || !Number.isFinite(Number(text)) ? undefined : Number(text);
}
