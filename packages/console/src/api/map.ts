/** The answer for the dependency map. */
import type { Span } from './common.js';

/** `GET map`; `GET live?view=map`. */
export interface DependencyMap {
  readonly now: number;
  readonly span: Span;
  readonly nodes: MapNode[];
  readonly edges: MapEdge[];
}

/** `routes` stand left, `database` and `host` right. */
export type MapNodeKind = 'routes' | 'component' | 'database' | 'host';

export interface MapNode {
  /** Unique: `component:MoonService`. */
  readonly id: string;
  readonly kind: MapNodeKind;
  readonly name: string;
  /** The kind of a component: `service`. */
  readonly componentKind: string | null;
  /** 0 is left; each dependency is further right than what depends on it, but for loops. */
  readonly layer: number;
  readonly rate: number;
  readonly errorRate: number | null;
  /** Seconds spent in it per second. */
  readonly busy: number;
  readonly p95: number | null;
}

export interface MapEdge {
  readonly key: string;
  /** Ids of nodes. */
  readonly from: string;
  readonly to: string;
  /** Per second; null if it is not known which of several callers called: the rate of `to` then is in the node. */
  readonly rate: number | null;
}
