/** Formats numbers for the annotations of alerts. */

/** Formats a share: 0.05 is `5%`. */
export function percent(share: number): string {
  return `${rounded(share * 100)}%`;
}

/** Formats bytes in the largest binary unit in which they are at least 1. */
export function bytes(count: number): string {
  const exponent = Math.min(Math.floor(Math.log2(Math.max(count, 1)) / 10), BINARY_UNITS.length - 1);
  return `${Number((count / 1024 ** exponent).toPrecision(4))} ${BINARY_UNITS[exponent]}`;
}

const BINARY_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** Removes the noise of binary fractions: 1 - 0.999 is 0.001. */
export function rounded(value: number): number {
  return Number(value.toPrecision(12));
}

/** Formats a duration like Prometheus: 300 s are `5m`. */
export function duration(seconds: number): string {
  const [size, unit] = DURATION_UNITS.find(([unitSeconds]) => seconds % unitSeconds === 0 && seconds >= unitSeconds) ?? [1, 's'];
  return `${seconds / size}${unit}`;
}

const DURATION_UNITS = [
  [3600, 'h'],
  [60, 'm'],
] as const;
