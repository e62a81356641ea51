/** What `../profile/cpu` and `../profile/heap` answer. */
import type { ProfileNode } from '@tsukimi/instrumentation';

export type { ProfileNode };

export interface Share {
  readonly self: number;
  /** Of `total`. */
  readonly share: number;
}

export interface ShareWithCallees extends Share {
  readonly with_callees: number;
  readonly with_callees_share: number;
}

export interface MethodShare extends ShareWithCallees {
  readonly component: string;
  readonly method: string;
  readonly is_shared: boolean;
  readonly place: string;
}

export interface Memory {
  readonly heap_used: number;
  readonly external: number;
  readonly array_buffers: number;
}

export interface ProfileReport {
  readonly kind: 'cpu' | 'heap';
  readonly unit: 'milliseconds' | 'bytes';
  readonly started_at: string;
  readonly duration_seconds: number;
  readonly samples: number;
  readonly since?: 'start' | 'request';
  readonly memory?: { readonly before: Memory; readonly after: Memory };
  readonly total: number;
  /** Of CPU profiles: waiting, which is no part of `total`. */
  readonly idle?: number;
  readonly methods: readonly MethodShare[];
  readonly components: readonly ({ readonly component: string } & ShareWithCallees)[];
  readonly outside: Share & { readonly functions: readonly ({ readonly name: string; readonly place: string } & Share)[] };
  readonly measuring: Share & { readonly calls: Share; readonly requests: Share; readonly reading: Share; readonly other: Share };
  readonly garbage_collection?: Share;
  readonly native?: Share;
  readonly tree: ProfileNode;
  readonly files?: readonly { readonly name: string; readonly content_base64: string }[];
}

/** What `../profile` answers, at once. */
export interface ProfileState {
  readonly enabled: boolean;
  readonly reason?: string;
  readonly heap_since_start: boolean;
  /** What runs, and for whom. */
  readonly running: string | null;
}
