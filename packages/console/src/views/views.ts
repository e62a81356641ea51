/** All views by their names, with what a query asks of them. */
import type { LiveState, View } from '../api-types.js';
import { lastErrors, methodDetail, routeDetail } from './detail.js';
import { dependencyMap } from './map.js';
import { metricDetail, metricList } from './metrics.js';
import { overview } from './overview.js';
import { scheduler } from './scheduler.js';
import { components, routes } from './tables.js';
import type { Asked, Viewed } from './view.js';

const DEFAULT_SECONDS = 900;
const LONGEST_SECONDS = 86_400;
const DEFAULT_POINTS = 90;
const MOST_POINTS = 300;

/** The state of a view without `view` and `instance`. */
export type ViewState = object;

/** What a query asks for. Equal keys have equal states. */
export interface ViewQuery {
  readonly name: View;
  readonly key: string;
  state(viewed: Viewed): ViewState;
}

type Make = (query: URLSearchParams) => (viewed: Viewed, asked: Asked) => Omit<Extract<LiveState, { view: View }>, 'view' | 'instance'>;

const VIEWS: Readonly<Record<View, { readonly parameters: readonly string[]; readonly make: Make }>> = {
  overview: { parameters: [], make: () => overview },
  routes: { parameters: [], make: () => routes },
  components: { parameters: [], make: () => components },
  map: { parameters: [], make: () => dependencyMap },
  scheduler: { parameters: [], make: () => scheduler },
  metrics: { parameters: [], make: () => metricList },
  route: {
    parameters: ['method', 'path'],
    make: (query) => (viewed, asked) => routeDetail(viewed, asked, { method: text(query, 'method'), path: text(query, 'path') }),
  },
  method: {
    parameters: ['component', 'method'],
    make: (query) => (viewed, asked) => methodDetail(viewed, asked, { component: text(query, 'component'), method: text(query, 'method') }),
  },
  metric: { parameters: ['name'], make: (query) => (viewed, asked) => metricDetail(viewed, asked, text(query, 'name')) },
  errors: {
    parameters: ['component', 'method', 'route'],
    make: (query) => (viewed) => {
      const of = Object.fromEntries(
        ['component', 'method', 'route'].flatMap((name) => (query.has(name) ? [[name, text(query, name)]] : [])),
      );
      return lastErrors(viewed, of);
    },
  },
};

/** Undefined for a view that does not exist. Values that can't be used are replaced with the nearest ones that can. */
export function viewQuery(name: string, query: URLSearchParams): ViewQuery | undefined {
  if (!Object.hasOwn(VIEWS, name)) return undefined;
  const { parameters, make } = VIEWS[name as View];
  const asked = askedOf(query);
  const state = make(query);
  const key = JSON.stringify([name, asked.seconds, asked.to ?? null, asked.points, ...parameters.map((each) => query.get(each))]);
  return { name: name as View, key, state: (viewed) => state(viewed, asked) };
}

export function askedOf(query: URLSearchParams): Asked {
  const points = within(number(query, 'points') ?? DEFAULT_POINTS, 1, MOST_POINTS);
  const [from, to] = [number(query, 'from'), number(query, 'to')];
  if (from !== undefined && to !== undefined && to > from) return { seconds: Math.min(to - from, LONGEST_SECONDS), to, points };
  return { seconds: within(number(query, 'range') ?? DEFAULT_SECONDS, 1, LONGEST_SECONDS), to: undefined, points };
}

function number(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  return value === null || value === '' || !Number.isFinite(Number(value)) ? undefined : Number(value);
}

function within(value: number, lowest: number, highest: number): number {
  return Math.min(highest, Math.max(lowest, value));
}

function text(query: URLSearchParams, name: string): string {
  return query.get(name) ?? '';
}
