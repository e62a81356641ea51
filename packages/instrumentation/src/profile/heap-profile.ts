/** Takes a heap profile: which component holds the memory. */
import type { MetricsRegistry } from '@tsukimi/metrics';
import type { HeapProfile, MemoryUse } from './component-profile.js';
import {
  beginSampling,
  endSampling,
  HEAP_INTERVAL_BYTES,
  type HeapNode,
  keptSampling,
  type SampledHeap,
  sampledSoFar,
} from './heap-sampling.js';
import { withOwners } from './owners.js';
import { pprofOf } from './pprof.js';
import { checkedOptions, DEFAULT_SECONDS, type ProfileOptions, type ProfileRequest } from './profile-options.js';
import type { SampledNode } from './sampled-tree.js';
import { ShareCount } from './shares.js';
import type { Session } from './thread-inspector.js';
import { sleep, withTurn } from './turns.js';

/** A checked request; without `seconds`, everything since sampling was switched on. */
export interface HeapProfileRequest extends Omit<ProfileRequest, 'seconds'> {
  readonly seconds: number | 'start';
}

/**
 * Samples the allocations of this thread, and gives those that are still in use afterwards to the measured methods of the registry that made them.
 *
 * If `startHeapSampling` was called before and `seconds` is left out, the profile has everything since then. At the end, V8 collects the garbage, which
 * blocks the event loop: for about a second if a gigabyte is in use. Buffers are outside the heap, and not in the profile.
 * @throws TSK_ERR_PROFILE_OPTION, TSK_ERR_PROFILE_BUSY while another profile is taken in this thread, TSK_ERR_PROFILE_HEAP_TAKEN while another tool
 * samples the heap, TSK_ERR_PROFILE_DEBUGGER if the inspector is open, TSK_ERR_PROFILE_UNAVAILABLE in a Node.js without it; the signal's reason if
 * it is aborted
 * @example
 * const { methods } = await profileHeap(registry, { seconds: 60 });
 * console.table(methods.slice(0, 10));
 */
export function profileHeap(registry: MetricsRegistry, options: ProfileOptions = {}): Promise<HeapProfile> {
  const { seconds, ...request } = checkedOptions(options, 'profileHeap() options');
  return takeHeapProfile(registry, {
    ...request,
    seconds: options.seconds === undefined && keptSampling() !== undefined ? 'start' : seconds,
  });
}

export function takeHeapProfile(registry: MetricsRegistry, request: HeapProfileRequest): Promise<HeapProfile> {
  const { seconds, signal, requestedBy } = request;
  const what = seconds === 'start' ? 'a heap profile since the start' : `a heap profile of ${seconds} s`;
  return withTurn({ what, requestedBy, signal }, (session) =>
    withOwners(session, registry, async (current) => {
      const before = memoryUse();
      const { profile, after: ordinal, startedAt } = await sample(session, request);
      const durationSeconds = (Date.now() - startedAt.getTime()) / 1000;
      const owners = await current();
      const head = treeOf(profile, ordinal);
      const { total, methods, components, outside, measuring, tree } = new ShareCount(owners, 'heap').of(head);
      return {
        kind: 'heap',
        startedAt,
        durationSeconds,
        intervalBytes: HEAP_INTERVAL_BYTES,
        since: seconds === 'start' ? 'start' : 'request',
        samples: profile.samples.filter((each) => each.ordinal > ordinal).length,
        memory: { before, after: memoryUse() },
        total,
        methods,
        components,
        outside,
        measuring,
        tree,
        pprof: () => pprofOf(head, { owners, kind: 'heap', startedAt, durationSeconds, interval: HEAP_INTERVAL_BYTES }),
        devtools: () => JSON.stringify(profile),
      };
    }),
  );
}

interface Sampled {
  readonly profile: SampledHeap;
  /** Objects with a number up to this one are older than the profile. */
  readonly after: number;
  readonly startedAt: Date;
}

async function sample(session: Session, { seconds, signal }: HeapProfileRequest): Promise<Sampled> {
  const kept = await keptSampling();
  if (kept !== undefined) {
    const first = await sampledSoFar(kept.session);
    if (seconds === 'start') return { profile: first, after: 0, startedAt: kept.startedAt };
    const after = first.samples.reduce((last, { ordinal }) => Math.max(last, ordinal), 0);
    const startedAt = new Date();
    await sleep(seconds, signal);
    return { profile: await sampledSoFar(kept.session), after, startedAt };
  }
  const startedAt = new Date();
  await beginSampling(session);
  try {
    await sleep(seconds === 'start' ? DEFAULT_SECONDS : seconds, signal);
  } catch (error) {
    await endSampling(session);
    throw error;
  }
  return { profile: await endSampling(session), after: 0, startedAt };
}

/** The tree, with the bytes of each node that are younger than the profile. */
function treeOf({ head, samples }: SampledHeap, after: number): SampledNode {
  const sampled = new Map<number, { self: number; count: number }>();
  for (const { nodeId, size, ordinal } of samples) {
    if (ordinal <= after) continue;
    const { self, count } = sampled.get(nodeId) ?? { self: 0, count: 0 };
    sampled.set(nodeId, { self: self + size, count: count + 1 });
  }
  const grow = ({ id, callFrame, children }: HeapNode): SampledNode => ({
    frame: callFrame,
    ...(sampled.get(id) ?? { self: 0, count: 0 }),
    children: children.map(grow),
  });
  return grow(head);
}

function memoryUse(): MemoryUse {
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return { heapUsed, external, arrayBuffers };
}
