/** Numbers as people read them: with a unit, and a dash where there is no value. */

const NONE = '–';

/** Seconds, in the unit that fits. */
export function duration(seconds: number | null): string {
  if (seconds === null) return NONE;
  if (seconds < 1e-3) return `${rounded(seconds * 1e6)} µs`;
  if (seconds < 1) return `${rounded(seconds * 1e3)} ms`;
  return `${rounded(seconds)} s`;
}

/** A time span for people: days, hours, minutes, seconds. */
export function span(seconds: number | null): string {
  if (seconds === null) return NONE;
  const [days, hours, minutes] = [Math.floor(seconds / 86_400), Math.floor((seconds % 86_400) / 3600), Math.floor((seconds % 3600) / 60)];
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${Math.floor(seconds % 60)} s` : `${Math.floor(seconds)} s`;
}

export function perSecond(rate: number | null): string {
  return rate === null ? NONE : `${rounded(rate)}/s`;
}

export function percent(share: number | null): string {
  return share === null ? NONE : `${rounded(share * 100)} %`;
}

export function megabytes(bytes: number | null): string {
  return bytes === null ? NONE : `${rounded(bytes / 2 ** 20)} MiB`;
}

export function count(value: number | null): string {
  return value === null ? NONE : value.toLocaleString('en');
}

/** How long ago a time was. */
export function ago(at: number | null, now: number): string {
  return at === null ? 'never' : `${span(Math.max(0, now - at))} ago`;
}

function rounded(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
