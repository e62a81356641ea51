/** A profile as JSON. Keys are snake_case, as in the JSON of the metrics. */
import type { ComponentShare, CpuProfile, HeapProfile, MemoryUse, Share } from '../profile/component-profile.js';
import type { ProfileNode } from '../profile/profile-node.js';

export function profileView(profile: CpuProfile | HeapProfile) {
  const { kind, startedAt, durationSeconds, samples, total, methods, components, outside, measuring, tree } = profile;
  return {
    kind,
    unit: kind === 'cpu' ? 'milliseconds' : 'bytes',
    started_at: startedAt.toISOString(),
    duration_seconds: rounded(durationSeconds),
    samples,
    ...(profile.kind === 'cpu' ? cpuOnly(profile) : heapOnly(profile)),
    total: rounded(total),
    methods: methods.map((each) => ({
      component: each.component,
      method: each.method,
      is_shared: each.isShared,
      place: each.place,
      ...withCallees(each),
    })),
    components: components.map((each) => ({ component: each.component, ...withCallees(each) })),
    outside: { ...share(outside), functions: outside.functions.map((each) => ({ name: each.name, place: each.place, ...share(each) })) },
    measuring: {
      ...share(measuring),
      calls: share(measuring.calls),
      requests: share(measuring.requests),
      reading: share(measuring.reading),
      other: share(measuring.other),
    },
    tree: nodeView(tree),
  };
}

function cpuOnly({ intervalMicroseconds, idleMs, garbageCollection, native }: CpuProfile) {
  return {
    interval_microseconds: intervalMicroseconds,
    idle: rounded(idleMs),
    garbage_collection: share(garbageCollection),
    native: share(native),
  };
}

function heapOnly({ intervalBytes, since, memory }: HeapProfile) {
  return { interval_bytes: intervalBytes, since, memory: { before: memoryView(memory.before), after: memoryView(memory.after) } };
}

function memoryView({ heapUsed, external, arrayBuffers }: MemoryUse) {
  return { heap_used: heapUsed, external, array_buffers: arrayBuffers };
}

function withCallees(each: ComponentShare) {
  return { ...share(each), with_callees: rounded(each.withCallees), with_callees_share: sixDigits(each.withCalleesShare) };
}

function share(each: Share) {
  return { self: rounded(each.self), share: sixDigits(each.share) };
}

function nodeView({ self, total, children, ...described }: ProfileNode): ProfileNode {
  return { ...described, self: rounded(self), total: rounded(total), children: children.map(nodeView) };
}

/** To a microsecond, or a thousandth of a byte. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function sixDigits(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
