/** A histogram of ours with its classic buckets and, where it has them, its native ones. */
import type { Distribution } from '../../distribution.js';
import type { Exemplar } from '../../exemplar.js';
import { fieldsOf, type ProtobufWriter } from '../../wire/protobuf-writer.js';
import { BUCKET, HISTOGRAM, METRIC, SPAN } from './fields.js';
import type { NativeBuckets } from './native-buckets.js';
import { writeBucket, writeTimestamp } from './values.js';

/**
 * What lies nearer to zero counts as zero. Values are 0 or at least a nanosecond, so nothing lies between; the threshold is that of Prometheus's Go
 * client, and tells Prometheus that a histogram without a value is native too.
 */
const ZERO_THRESHOLD = 2 ** -128;

const ABOVE_ALL = { upperBound: Number.POSITIVE_INFINITY };

export interface HistogramState {
  readonly distribution: Distribution;
  readonly exemplars: readonly (Exemplar | undefined)[] | undefined;
  readonly createdSeconds: number;
}

/** Writes the histogram of one series. */
export type HistogramWriter = (out: ProtobufWriter, state: HistogramState) => void;

export interface NativeOptions {
  readonly buckets: NativeBuckets;
  /** How many buckets with values a series may have before its schema is lowered. */
  readonly maxBuckets: number;
}

/** @param native undefined if only the classic buckets are wanted */
export function histogramWriter(bounds: readonly number[], native: NativeOptions | undefined): HistogramWriter {
  const bucketBounds = bounds.map(boundField);
  return (out, { distribution, exemplars, createdSeconds }) => {
    const start = out.begin(METRIC.histogram);
    out.unsigned(HISTOGRAM.count, distribution.count);
    out.double(HISTOGRAM.sum, distribution.sum);
    let below = 0;
    for (let index = 0; index < bucketBounds.length; index += 1) {
      below += distribution.valuesInBucket(index);
      const exemplar = exemplars?.[index];
      const rest = bucketBounds[index] as Uint8Array;
      if (exemplar === undefined) out.short(HISTOGRAM.bucket, BUCKET.cumulativeCount, { value: below, rest });
      else writeBucket(out, HISTOGRAM.bucket, { cumulativeCount: below, upperBound: bounds[index] as number, exemplar });
    }
    // Prometheus adds the bucket above all bounds by itself; only an exemplar makes it worth its bytes.
    const last = exemplars?.[bounds.length];
    if (last !== undefined) writeBucket(out, HISTOGRAM.bucket, { ...ABOVE_ALL, cumulativeCount: distribution.count, exemplar: last });
    if (native !== undefined) writeNative(out, distribution, native);
    writeTimestamp(out, HISTOGRAM.created, createdSeconds);
    out.end(start);
  };
}

function writeNative(out: ProtobufWriter, distribution: Distribution, { buckets, maxBuckets }: NativeOptions): void {
  buckets.read(distribution, maxBuckets);
  out.signed(HISTOGRAM.schema, buckets.schema);
  out.double(HISTOGRAM.zeroThreshold, ZERO_THRESHOLD);
  out.unsigned(HISTOGRAM.zeroCount, distribution.zeros);
  for (let index = 0; index < buckets.spanCount; index += 1) {
    const start = out.begin(HISTOGRAM.positiveSpan);
    out.signed(SPAN.offset, buckets.offsets[index] as number);
    out.unsigned(SPAN.length, buckets.lengths[index] as number);
    out.end(start);
  }
  if (buckets.deltaCount > 0) out.packedSigned(HISTOGRAM.positiveDelta, buckets.deltas, buckets.deltaCount);
}

/** The field of a bucket's upper bound, which is the same in every series of a metric. */
function boundField(bound: number): Uint8Array {
  return fieldsOf((out) => out.double(BUCKET.upperBound, bound));
}
