/** Numbers as people read them: with a unit, three digits, and a dash where there is no value. */

export const NONE = '–';

/** Narrow, and never broken into two lines. */
const SPACE = '\u202f';

/** Seconds, in the unit that fits. */
export function duration(seconds: number | null): string {
  if (seconds === null) return NONE;
  if (seconds < 0) return `-${duration(-seconds)}`;
  if (seconds === 0) return `0${SPACE}ms`;
  if (seconds < 0.999_5e-12) return `${exponential(seconds)}${SPACE}s`;
  if (seconds < 0.999_5e-9) return `${digits(seconds * 1e12)}${SPACE}ps`;
  // Microseconds have three digits from a tenth on.
  if (seconds < 0.999_5e-7) return `${digits(seconds * 1e9)}${SPACE}ns`;
  if (seconds < 0.999_5e-3) return `${digits(seconds * 1e6)}${SPACE}µs`;
  if (seconds < 0.999_5) return `${digits(seconds * 1e3)}${SPACE}ms`;
  return seconds < 120 ? `${digits(seconds)}${SPACE}s` : span(seconds);
}

/** A time span: the two largest of days, hours, minutes and seconds. */
export function span(seconds: number | null): string {
  if (seconds === null) return NONE;
  const whole = Math.floor(seconds);
  const [days, hours, minutes] = [Math.floor(whole / 86_400), Math.floor((whole % 86_400) / 3600), Math.floor((whole % 3600) / 60)];
  if (days >= 10_000) return `${number(days)}${SPACE}d`;
  if (days > 0) return `${days}${SPACE}d ${hours}${SPACE}h`;
  if (hours > 0) return `${hours}${SPACE}h ${minutes}${SPACE}min`;
  return minutes > 0 ? `${minutes}${SPACE}min ${whole % 60}${SPACE}s` : `${whole}${SPACE}s`;
}

export function perSecond(rate: number | null): string {
  return rate === null ? NONE : `${number(rate)}/s`;
}

export function percent(share: number | null): string {
  if (share === null) return NONE;
  const size = Math.abs(share);
  if (size > 0 && size < 0.000_05) return `${share < 0 ? '>-0.01' : '<0.01'}${SPACE}%`;
  return `${size >= 99.995 ? number(share * 100) : digits(share * 100)}${SPACE}%`;
}

export function bytes(value: number | null): string {
  if (value === null) return NONE;
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
  let [size, unit] = [value, 0];
  while (Math.abs(size) >= 999.5 && unit < units.length - 1) [size, unit] = [size / 1024, unit + 1];
  return `${unit === 0 || Math.abs(size) >= 9999.5 ? number(size) : digits(size)}${SPACE}${units[unit]}`;
}

/** A whole number, with thousands apart. */
export function count(value: number | null): string {
  return value === null ? NONE : Math.round(value).toLocaleString('en');
}

/** A count in a narrow column: whole as long as there is room for it. */
export function shortCount(value: number): string {
  return value < 10e6 ? count(value) : number(value);
}

/** Any number, shortened from ten thousand on. */
export function number(value: number | null): string {
  if (value === null) return NONE;
  const size = Math.abs(value);
  if (size >= 999.5e18) return exponential(value);
  if (size >= 999.5e15) return `${digits(value / 1e18)}${SPACE}E`;
  if (size >= 999.5e12) return `${digits(value / 1e15)}${SPACE}P`;
  if (size >= 999.5e9) return `${digits(value / 1e12)}${SPACE}T`;
  if (size >= 999.5e6) return `${digits(value / 1e9)}${SPACE}G`;
  if (size >= 999.5e3) return `${digits(value / 1e6)}${SPACE}M`;
  if (size >= 9999.5) return `${digits(value / 1e3)}${SPACE}k`;
  if (size > 0 && size < 0.000_5) return exponential(value);
  return Number.isInteger(value) ? String(value) : digits(value);
}

/** `1 task`, `2 tasks`. */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** How long ago a time was. */
export function ago(at: number | null, now: number): string {
  if (at === null) return 'never';
  const seconds = Math.max(0, now - at);
  return seconds < 1.5 ? 'now' : `${span(seconds).split(' ')[0]} ago`;
}

/** A time of day, in the reader's time zone. */
export function clock(at: number): string {
  return new Date(at * 1000).toLocaleTimeString('en-GB');
}

/** Times of day for an axis: all of them with seconds, or none where seconds say nothing. */
export function clocks(times: readonly number[]): string[] {
  const texts = times.map(clock);
  return texts.every((text) => text.endsWith(':00')) ? texts.map((text) => text.slice(0, -3)) : texts;
}

/** A day and a time of day. */
export function dateAndTime(at: number): string {
  return new Date(at * 1000).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
}

/** Two digits that count, and no plus in the exponent. */
function exponential(value: number): string {
  return value.toExponential(1).replace('+', '');
}

/** Three digits that count. */
function digits(value: number): string {
  const size = Math.abs(value);
  if (size >= 99.95) return value.toFixed(0);
  if (size >= 9.995) return value.toFixed(1);
  return value === 0 ? '0' : size < 0.1 ? value.toFixed(3) : value.toFixed(2);
}
