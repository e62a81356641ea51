/** What a profile says: which component used the CPU, or holds the memory. */
import type { ProfileNode } from './profile-node.js';

/** A part of the total. */
export interface Share {
  /** Milliseconds of a CPU profile, bytes of a heap profile. */
  readonly self: number;
  /** `self` in relation to the total, from 0 to 1. */
  readonly share: number;
}

/** The work of Tsukimi itself, by what it is for. */
export interface MeasuringShare extends Share {
  /** The wrappers of measured methods. */
  readonly calls: Share;
  /** HTTP requests, those to the metrics included: their accounting, and who is allowed. */
  readonly requests: Share;
  /** Reading the metrics: for the live page once a second, for scrapes and for exporters. */
  readonly reading: Share;
  /** Everything else: sampling of the process, tasks, the profile itself. */
  readonly other: Share;
}

/** A measured component. */
export interface ComponentShare extends Share {
  readonly component: string;
  /** With everything that its methods called, other components included. */
  readonly withCallees: number;
  readonly withCalleesShare: number;
}

/** A measured method. `self` includes what it called, up to the next measured method. */
export interface MethodShare extends ComponentShare {
  readonly method: string;
  /** True if the function is the method of several components: they can't be told apart, and are named together. */
  readonly isShared: boolean;
  /** File, line and column of the function. */
  readonly place: string;
}

/** A function outside any component. */
export interface FunctionShare extends Share {
  readonly name: string;
  readonly place: string;
}

/** What both kinds of profiles have. */
interface ProfileShares {
  readonly startedAt: Date;
  readonly durationSeconds: number;
  /** Everything below except idle time, in milliseconds or bytes. All shares are parts of it. */
  readonly total: number;
  /** The number of samples. Of few samples, shares are rough. */
  readonly samples: number;
  /** Measured methods that were sampled, largest `self` first. */
  readonly methods: readonly MethodShare[];
  readonly components: readonly ComponentShare[];
  /** Code that no measured method called, with the functions that have the largest part. */
  readonly outside: Share & { readonly functions: readonly FunctionShare[] };
  /** Tsukimi's own code. */
  readonly measuring: MeasuringShare;
  /** The call tree, merged by function. */
  readonly tree: ProfileNode;
  /** The profile for Google's pprof and tools that read its format, gzipped. */
  pprof(): Promise<Buffer>;
  /** The profile as V8 made it: the content of a `.cpuprofile` or `.heapprofile` file for Chrome DevTools and editors. */
  devtools(): string;
}

/** Which component used the CPU. */
export interface CpuProfile extends ProfileShares {
  readonly kind: 'cpu';
  readonly intervalMicroseconds: number;
  /** The time in which the thread waited, in milliseconds. It is no part of the total. */
  readonly idleMs: number;
  readonly garbageCollection: Share;
  /** Native code that runs without JavaScript on the stack: compilation, sockets, the event loop itself. */
  readonly native: Share;
}

/** Which component allocated memory that is still in use. */
export interface HeapProfile extends ProfileShares {
  readonly kind: 'heap';
  readonly intervalBytes: number;
  /** `start` if sampling has been on since the application's start, and the profile has everything since then. */
  readonly since: 'start' | 'request';
  /** Memory of the process before and after, in bytes. Buffers are outside the heap, and in no profile. */
  readonly memory: { readonly before: MemoryUse; readonly after: MemoryUse };
}

export interface MemoryUse {
  readonly heapUsed: number;
  /** Memory of objects outside the heap, `arrayBuffers` included. */
  readonly external: number;
  readonly arrayBuffers: number;
}
