/** Samples the heap of this thread: for the time of a profile, or since the start of an application. */
import type { HeapProfiler } from 'node:inspector';
import { heapSampledElsewhere } from './errors.js';
import { openSession, type Session } from './thread-inspector.js';

/** One sample for so many allocated bytes, on average. Smaller intervals cost more time in each allocation. */
export const HEAP_INTERVAL_BYTES = 128 * 1024;

/** What the types of Node.js leave out: each object's number in the order of allocation. */
export interface SampledHeap extends HeapProfiler.SamplingHeapProfile {
  readonly head: HeapNode;
  readonly samples: readonly { readonly nodeId: number; readonly size: number; readonly ordinal: number }[];
}

export interface HeapNode extends HeapProfiler.SamplingHeapProfileNode {
  readonly id: number;
  readonly children: HeapNode[];
}

/** Sampling that was switched on. */
interface Sampling {
  readonly session: Session;
  readonly startedAt: Date;
}

/** Several applications of this thread may keep it on. */
let kept: Promise<Sampling> | undefined;
let users = 0;

/**
 * Samples the heap of this thread from now on, so that `profileHeap` can tell which component allocated what is still in use since then. That makes
 * allocations a little slower.
 * @returns a function that ends the sampling, if nothing else in this thread keeps it on
 * @throws TSK_ERR_PROFILE_HEAP_TAKEN if another tool samples the heap, TSK_ERR_PROFILE_DEBUGGER, TSK_ERR_PROFILE_UNAVAILABLE
 */
export async function startHeapSampling(): Promise<() => Promise<void>> {
  users += 1;
  kept ??= openSampling();
  const mine = kept;
  try {
    await mine;
  } catch (error) {
    users -= 1;
    if (kept === mine) kept = undefined;
    throw error;
  }
  let isOn = true;
  return async () => {
    if (!isOn) return;
    isOn = false;
    users -= 1;
    if (users > 0) return;
    kept = undefined;
    await closeSampling(await mine);
  };
}

async function openSampling(): Promise<Sampling> {
  const session = await openSession();
  try {
    await beginSampling(session);
  } catch (error) {
    session.disconnect();
    throw error;
  }
  return { session, startedAt: new Date() };
}

async function closeSampling({ session }: Sampling): Promise<void> {
  try {
    await endSampling(session);
  } finally {
    session.disconnect();
  }
}

/** The sampling that is kept on, if there is one. */
export function keptSampling(): Promise<Sampling> | undefined {
  return kept;
}

/** @throws TSK_ERR_PROFILE_HEAP_TAKEN */
export async function beginSampling(session: Session): Promise<void> {
  // V8 ignores the second start, and the first stop would end both.
  if (await isSampled(session)) throw heapSampledElsewhere();
  await session.post('HeapProfiler.startSampling', { samplingInterval: HEAP_INTERVAL_BYTES });
}

async function isSampled(session: Session): Promise<boolean> {
  try {
    await session.post('HeapProfiler.getSamplingProfile');
    return true;
  } catch {
    // "V8 sampling heap profiler was not started."
    return false;
  }
}

/** What is in use of everything that was sampled so far. V8 collects the garbage first. */
export async function sampledSoFar(session: Session): Promise<SampledHeap> {
  return (await session.post('HeapProfiler.getSamplingProfile')).profile as SampledHeap;
}

/** The same, and ends the sampling. */
export async function endSampling(session: Session): Promise<SampledHeap> {
  return (await session.post('HeapProfiler.stopSampling')).profile as SampledHeap;
}
