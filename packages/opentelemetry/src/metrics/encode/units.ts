/** Units as OpenTelemetry writes them: UCUM instead of words. */

/** @see https://opentelemetry.io/docs/specs/semconv/general/metrics/#instrument-units */
const CODES: Readonly<Record<string, string>> = {
  days: 'd',
  hours: 'h',
  minutes: 'min',
  seconds: 's',
  milliseconds: 'ms',
  microseconds: 'us',
  nanoseconds: 'ns',
  bytes: 'By',
  kibibytes: 'KiBy',
  mebibytes: 'MiBy',
  gibibytes: 'GiBy',
  kilobytes: 'kBy',
  megabytes: 'MBy',
  gigabytes: 'GBy',
  bits: 'bit',
  meters: 'm',
  volts: 'V',
  amperes: 'A',
  joules: 'J',
  watts: 'W',
  grams: 'g',
  celsius: 'Cel',
  kelvin: 'K',
  hertz: 'Hz',
  ratio: '1',
  ratios: '1',
  percent: '%',
};

/** What stands after `per`, which is in the singular. */
const SINGULAR: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(CODES).map(([unit, code]) => [unit.replace(/s$/, ''), code]),
);

/** Returns the code of a unit: `s` for seconds, `By/s` for bytes_per_second. Units without a code are returned as they are. */
export function ucumOf(unit: string | undefined): string {
  if (unit === undefined) return '';
  const [first = '', ...others] = unit.split('_per_');
  return [codeOf(CODES, first), ...others.map((each) => codeOf(SINGULAR, each))].join('/');
}

function codeOf(codes: Readonly<Record<string, string>>, unit: string): string {
  return Object.hasOwn(codes, unit) ? (codes[unit] as string) : unit;
}
