/** Writes a value in its unit, as Grafana does. */

type Scale = readonly (readonly [from: number, factor: number, suffix: string])[];

// Each from the largest to the smallest; the last is for everything below.
const SECONDS: Scale = [
  [86_400, 86_400, ' d'],
  [3_600, 3_600, ' h'],
  [60, 60, ' min'],
  [1, 1, ' s'],
  [1e-3, 1e-3, ' ms'],
  [0, 1e-6, ' µs'],
];
const THOUSANDS: Scale = [
  [1e9, 1e9, ' G'],
  [1e6, 1e6, ' M'],
  [1e3, 1e3, ' k'],
  [0, 1, ''],
];
const BINARY: Scale = [
  [2 ** 40, 2 ** 40, ' TiB'],
  [2 ** 30, 2 ** 30, ' GiB'],
  [2 ** 20, 2 ** 20, ' MiB'],
  [2 ** 10, 2 ** 10, ' KiB'],
  [0, 1, ' B'],
];
const DECIMAL: Scale = [
  [1e12, 1e12, ' TB'],
  [1e9, 1e9, ' GB'],
  [1e6, 1e6, ' MB'],
  [1e3, 1e3, ' kB'],
  [0, 1, ' B'],
];

interface Unit {
  readonly scale: Scale;
  /** What the value is multiplied by before it is scaled. */
  readonly factor?: number;
  readonly suffix?: string;
}

const UNITS: Readonly<Record<string, Unit>> = {
  none: { scale: [[0, 1, '']] },
  short: { scale: THOUSANDS },
  s: { scale: SECONDS },
  ms: { scale: SECONDS, factor: 1e-3 },
  dtdurations: { scale: SECONDS },
  clocks: { scale: SECONDS },
  bytes: { scale: BINARY },
  decbytes: { scale: DECIMAL },
  Bps: { scale: DECIMAL, suffix: '/s' },
  binBps: { scale: BINARY, suffix: '/s' },
  percent: { scale: [[0, 1, '%']] },
  percentunit: { scale: [[0, 1, '%']], factor: 100 },
  reqps: { scale: THOUSANDS, suffix: ' req/s' },
  ops: { scale: THOUSANDS, suffix: ' ops/s' },
  cps: { scale: THOUSANDS, suffix: ' c/s' },
  eps: { scale: THOUSANDS, suffix: ' /s' },
  wps: { scale: THOUSANDS, suffix: ' wr/s' },
  rps: { scale: THOUSANDS, suffix: ' rd/s' },
};

/**
 * `0.25` in `percentunit` is `25%`; units that Grafana does not know are what stands behind the number.
 *
 * @param decimals as many as three digits need unless given.
 */
export function formatValue(value: number, unit = 'short', decimals?: number): string {
  if (Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '-∞';
  const { scale, factor = 1, suffix = '' } = unitOf(unit);
  const scaled = value * factor;
  const [, divisor, name] = scaleOf(scaled, scale);
  return `${digits(scaled / divisor, decimals)}${name}${suffix}`;
}

function unitOf(name: string): Unit {
  return UNITS[name] ?? { scale: THOUSANDS, suffix: ` ${name.replace(/^suffix:/, '')}` };
}

function scaleOf(value: number, scale: Scale): Scale[number] {
  // Nothing at all is written in the plain unit: 0 s, not 0 µs.
  const plain = scale.find(([, factor]) => factor === 1) ?? [0, 1, ''];
  return value === 0 ? plain : (scale.find(([from]) => Math.abs(value) >= from) ?? plain);
}

function digits(value: number, decimals: number | undefined): string {
  const size = Math.abs(value);
  const automatic = size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : 2;
  return String(Number(value.toFixed(decimals ?? automatic)));
}

/** What the values of an axis are divided by, and what is written behind them, so that its ticks are round numbers. */
export function axisScale(largest: number, unit = 'short'): { readonly divisor: number; readonly suffix: string } {
  const { scale, factor = 1, suffix = '' } = unitOf(unit);
  const [, divisor, name] = scaleOf(largest * factor, scale);
  return { divisor: divisor / factor, suffix: `${name}${suffix}` };
}
