/** Takes a CPU profile: which component uses the CPU. */
import type { Profiler } from 'node:inspector';
import type { MetricsRegistry } from '@tsukimi/metrics';
import type { CpuProfile } from './component-profile.js';
import { withOwners } from './owners.js';
import { pprofOf } from './pprof.js';
import { checkedOptions, type ProfileOptions, type ProfileRequest } from './profile-options.js';
import type { SampledNode } from './sampled-tree.js';
import { ShareCount } from './shares.js';
import type { Session } from './thread-inspector.js';
import { sleep, withTurn } from './turns.js';

/** At a sample each millisecond, waiting alone would cost an idle thread about 5 % of a core; at 2 ms, a busy one costs 4 to 6 % more. */
const INTERVAL_MICROSECONDS = 2500;

/**
 * Takes a CPU profile of this thread, and gives each sample to the nearest measured method of the registry on its stack.
 *
 * Functions that are not measured themselves belong to the method that calls them. What an async method does after an `await` belongs to it too. The
 * start and the end block the event loop for some 10 ms each.
 * @throws TSK_ERR_PROFILE_OPTION, TSK_ERR_PROFILE_BUSY while another profile is taken in this thread, TSK_ERR_PROFILE_DEBUGGER if the inspector is
 * open, TSK_ERR_PROFILE_UNAVAILABLE in a Node.js without it; the signal's reason if it is aborted
 * @example
 * const { methods } = await profileCpu(registry, { seconds: 10 });
 * console.table(methods.slice(0, 10));
 */
export function profileCpu(registry: MetricsRegistry, options: ProfileOptions = {}): Promise<CpuProfile> {
  return takeCpuProfile(registry, checkedOptions(options, 'profileCpu() options'));
}

export function takeCpuProfile(registry: MetricsRegistry, { seconds, signal, requestedBy }: ProfileRequest): Promise<CpuProfile> {
  return withTurn({ what: `a CPU profile of ${seconds} s`, requestedBy, signal }, (session) =>
    withOwners(session, registry, async (current) => {
      const startedAt = new Date();
      const profile = await sample(session, { seconds, signal });
      const owners = await current();
      const head = treeOf(profile);
      const { idle, ...shares } = new ShareCount(owners, 'cpu').of(head);
      const durationSeconds = (profile.endTime - profile.startTime) / 1e6;
      return {
        kind: 'cpu',
        startedAt,
        durationSeconds,
        intervalMicroseconds: INTERVAL_MICROSECONDS,
        samples: profile.samples?.length ?? 0,
        idleMs: idle,
        ...shares,
        pprof: () => pprofOf(head, { owners, kind: 'cpu', startedAt, durationSeconds, interval: INTERVAL_MICROSECONDS * 1000 }),
        devtools: () => JSON.stringify(profile),
      };
    }),
  );
}

async function sample(session: Session, { seconds, signal }: Pick<ProfileRequest, 'seconds' | 'signal'>): Promise<Profiler.Profile> {
  await session.post('Profiler.enable');
  try {
    await session.post('Profiler.setSamplingInterval', { interval: INTERVAL_MICROSECONDS });
    await session.post('Profiler.start');
    await sleep(seconds, signal);
    return (await session.post('Profiler.stop')).profile;
  } finally {
    // Also ends a profile that was given up.
    await session.post('Profiler.disable');
  }
}

const NOTHING = { self: 0, count: 0 };

/** The tree, with the milliseconds of each node. */
function treeOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): SampledNode {
  const times = new Map<number, { self: number; count: number }>();
  for (const [index, id] of samples.entries()) {
    // Half of the time to each neighbour, because samples come late if the machine is busy. The time before the first sample is that of the start.
    const before = index === 0 ? 0 : (timeDeltas[index] ?? 0);
    const after = timeDeltas[index + 1] ?? 0;
    const { self, count } = times.get(id) ?? NOTHING;
    times.set(id, { self: self + Math.max(0, before + after) / 2000, count: count + 1 });
  }
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const grow = ({ id, callFrame, children = [] }: Profiler.ProfileNode): SampledNode => ({
    frame: callFrame,
    ...(times.get(id) ?? NOTHING),
    children: children.flatMap((child) => {
      const node = byId.get(child);
      return node === undefined ? [] : grow(node);
    }),
  });
  return grow(nodes[0] as Profiler.ProfileNode);
}
