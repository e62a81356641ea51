/** Checks the values of a snapshot, which may come from another process, another version, or a file. */
import type { DistributionSnapshot } from '../../distribution.js';
import { invalidSnapshot } from '../../errors.js';
import { type Exemplar, faultOf } from '../../exemplar.js';
import { HIGHEST_INDEX, LOWEST_INDEX } from '../../fine-buckets.js';
import type { Unchecked } from './kind.js';

/** Replaces an infinite sum by the largest number, because JSON has no infinities. */
export function finite(value: number): number {
  return Math.min(value, Number.MAX_VALUE);
}

/** @throws TSK_ERR_METRIC_SNAPSHOT */
export function objectOr(value: unknown, what: string): object {
  if (typeof value !== 'object' || value === null) throw invalidSnapshot(what);
  return value;
}

/** @throws TSK_ERR_METRIC_SNAPSHOT */
export function listOr(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw invalidSnapshot(what);
  return value;
}

/** @throws TSK_ERR_METRIC_SNAPSHOT */
export function oneOf(allowed: readonly unknown[], value: unknown, what: string): void {
  if (!allowed.includes(value)) throw invalidSnapshot(what);
}

export function isOptional(value: unknown, isSound: (value: unknown) => boolean): boolean {
  return value === undefined || isSound(value);
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

export function isAmount(value: unknown): value is number {
  return Number.isFinite(value) && (value as number) >= 0;
}

export function isTime(value: unknown): value is number {
  return Number.isFinite(value);
}

export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

export function isExemplar(value: unknown): value is Exemplar {
  if (typeof value !== 'object' || value === null) return false;
  const { labels, value: recorded, timestampSeconds } = value as Unchecked<Exemplar>;
  if (typeof labels !== 'object' || labels === null || !isAmount(recorded) || !isTime(timestampSeconds)) return false;
  return Object.values(labels).every(isText) && faultOf(labels as Record<string, string>) === undefined;
}

export function isExemplars(value: unknown, buckets: number): boolean {
  return Array.isArray(value) && value.length === buckets && value.every((exemplar) => exemplar === null || isExemplar(exemplar));
}

export function isWindow(value: unknown): boolean {
  return Array.isArray(value) && value.every((part) => part === null || (typeof part === 'object' && isDistribution(part, 1)));
}

export function isDistribution(state: Unchecked<DistributionSnapshot>, bucketCount: number): boolean {
  const { count, sum, min, max, buckets, zeros, fineOffset, fine } = state;
  if (!isCount(count) || !isCount(zeros) || !isAmount(sum) || !isCounts(buckets) || !isCounts(fine)) return false;
  if (buckets.length !== bucketCount || total(buckets) !== count || zeros + total(fine) !== count) return false;
  if (count === 0 ? min !== null || max !== null : !isAmount(min) || !isAmount(max)) return false;
  if (!Number.isInteger(fineOffset)) return false;
  const offset = fineOffset as number;
  return offset >= LOWEST_INDEX && offset + fine.length <= HIGHEST_INDEX + 1;
}

function isCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every(isCount);
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
