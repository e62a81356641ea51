/** The events of a stream of the live page. */
import type { Detail, LastErrors } from './detail.js';
import type { DependencyMap } from './map.js';
import type { MetricDetail, MetricList } from './metrics.js';
import type { Overview } from './overview.js';
import type { SchedulerState } from './scheduler.js';
import type { MethodRow, RouteRow, Table } from './tables.js';

/**
 * `GET live?view=...`, with the query of the view: events of a stream. The first is `state`, with all that the view's own endpoint gives; then a
 * `change` for each second in which something changed. `alive` comes after each 10 seconds in which nothing else came. After a reconnect, it begins
 * again with `state`. `closing` is the last event of a server that stops.
 */
export type LiveEvent =
  | { readonly event: 'state'; readonly data: LiveState }
  | { readonly event: 'change'; readonly data: LiveChange }
  | { readonly event: 'alive'; readonly data: Record<string, never> }
  | { readonly event: 'closing'; readonly data: Record<string, never> };

export type LiveState =
  | ({ readonly view: 'overview'; readonly instance: string } & Overview)
  | ({ readonly view: 'routes'; readonly instance: string } & Table<RouteRow>)
  | ({ readonly view: 'components'; readonly instance: string } & Table<MethodRow>)
  | ({ readonly view: 'route'; readonly instance: string } & Detail<RouteRow>)
  | ({ readonly view: 'method'; readonly instance: string } & Detail<MethodRow>)
  | ({ readonly view: 'errors'; readonly instance: string } & LastErrors)
  | ({ readonly view: 'map'; readonly instance: string } & DependencyMap)
  | ({ readonly view: 'scheduler'; readonly instance: string } & SchedulerState)
  | ({ readonly view: 'metrics'; readonly instance: string } & MetricList)
  | ({ readonly view: 'metric'; readonly instance: string } & MetricDetail);

export type View = LiveState['view'];

/**
 * What changed in the state. To apply it:
 * - `set`: replace these members of the state.
 * - `upsert`: for each list named, replace the items that have the same identity, and append the others. The identity of an item is its `key`, `id` or
 *   `at`, the first of them that it has. `heat.columns` is the list in `heat`.
 * - `remove`: for each list named, drop the items of these identities, as text.
 * In the lists `points` and `heat.columns`, drop what is at or before `span.from` then.
 */
export interface LiveChange {
  readonly now: number;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly upsert?: Readonly<Record<string, readonly unknown[]>>;
  readonly remove?: Readonly<Record<string, readonly string[]>>;
}
