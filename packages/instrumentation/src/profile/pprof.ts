/** Writes profiles for Google's pprof. */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Owner, Owners } from './owners.js';
import type { Frame, SampledNode } from './sampled-tree.js';
import { nameOf } from './shown-names.js';

const compress = promisify(gzip);

interface PprofOptions {
  readonly owners: Owners;
  readonly kind: 'cpu' | 'heap';
  readonly startedAt: Date;
  readonly durationSeconds: number;
  /** Nanoseconds or bytes between two samples. */
  readonly interval: number;
}

const TYPES = {
  cpu: { count: ['samples', 'count'], value: ['cpu', 'nanoseconds'], scale: 1e6 },
  heap: { count: ['inuse_objects', 'count'], value: ['inuse_space', 'bytes'], scale: 1 },
} as const;

/**
 * Returns the profile in the format of pprof, gzipped. Measured methods are named `Component.method`, and each sample has the labels `component` and
 * `method` of the method it belongs to. Idle time is left out.
 * @see https://github.com/google/pprof/blob/main/proto/profile.proto
 */
export async function pprofOf(head: SampledNode, { owners, kind, startedAt, durationSeconds, interval }: PprofOptions): Promise<Buffer> {
  // Loaded here, because few applications ever need it.
  const { Function: ProfiledFunction, Label, Line, Location, Profile, Sample, StringTable, ValueType } = await import('pprof-format');
  const texts = new StringTable();
  const text = (each: string): number => texts.dedup(each);
  const { count, value, scale } = TYPES[kind];
  const typeOf = ([type, unit]: readonly [string, string]) => new ValueType({ type: text(type), unit: text(unit) });
  const functions: InstanceType<typeof ProfiledFunction>[] = [];
  const locations: InstanceType<typeof Location>[] = [];
  const samples: InstanceType<typeof Sample>[] = [];
  const known = new Map<string, number>();

  function locationOf(frame: Frame): number {
    const { scriptId, lineNumber, columnNumber, url } = frame;
    const owner = owners.of(frame);
    const name = owner === undefined ? nameOf(frame) : `${owner.component}.${owner.method}`;
    const key = `${scriptId}:${lineNumber}:${columnNumber}:${name}`;
    const id = known.get(key);
    if (id !== undefined) return id;
    const line = Math.max(0, lineNumber + 1);
    const next = locations.length + 1;
    functions.push(
      new ProfiledFunction({ id: next, name: text(name), systemName: text(nameOf(frame)), filename: text(url), startLine: line }),
    );
    locations.push(new Location({ id: next, line: [new Line({ functionId: next, line })] }));
    known.set(key, next);
    return next;
  }

  function walk({ frame, self, count: sampled, children }: SampledNode, callers: readonly number[], nearest: Owner | undefined): void {
    if (frame.scriptId === '0' && frame.functionName === '(idle)') return;
    const owner = owners.of(frame) ?? nearest;
    const path = [locationOf(frame), ...callers];
    if (sampled > 0) {
      samples.push(
        new Sample({
          locationId: path,
          value: [sampled, Math.round(self * scale)],
          label:
            owner === undefined
              ? []
              : [
                  new Label({ key: text('component'), str: text(owner.component) }),
                  new Label({ key: text('method'), str: text(owner.method) }),
                ],
        }),
      );
    }
    for (const child of children) walk(child, path, owner);
  }

  for (const child of head.self > 0 ? [{ ...head, children: [] }, ...head.children] : head.children) walk(child, [], undefined);
  const profile = new Profile({
    sampleType: [typeOf(count), typeOf(value)],
    sample: samples,
    location: locations,
    function: functions,
    stringTable: texts,
    timeNanos: BigInt(startedAt.getTime()) * 1_000_000n,
    durationNanos: BigInt(Math.round(durationSeconds * 1e9)),
    periodType: typeOf(value),
    period: interval,
  });
  return await compress(await profile.encodeAsync());
}
