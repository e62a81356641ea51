/** The lines above the table: the application, and the meaning of the values. */
import { printable } from '../printable.js';
import type { Rows } from './rates.js';
import type { Reading } from './reading.js';

const SECONDS_A_MINUTE = 60;
const SECONDS_AN_HOUR = 3600;
const SECONDS_A_DAY = 86_400;

/** `http://127.0.0.1:8000/metrics  up 2m 10s  3 in flight`, as far as it is known. */
export function whose(url: string, { uptimeSeconds, inFlight }: Reading): string {
  const uptime = uptimeSeconds === undefined ? [] : [`up ${duration(uptimeSeconds)}`];
  const requests = inFlight === undefined ? [] : [`${inFlight} in flight`];
  return [printable(url), ...uptime, ...requests].join('  ');
}

/** Describes the columns. */
export function meaning({ elapsedSeconds }: Rows): string {
  const rates = elapsedSeconds === null ? 'rates appear after the second read' : `rates over the last ${elapsedSeconds.toFixed(1)} s`;
  return `${rates}; totals and p95 since the application started`;
}

/** The two largest units: `45s`, `2m 10s`, `3h 5m`, `12d 4h`. */
export function duration(seconds: number): string {
  const whole = Math.floor(seconds);
  const parts = [
    `${Math.floor(whole / SECONDS_A_DAY)}d`,
    `${Math.floor((whole % SECONDS_A_DAY) / SECONDS_AN_HOUR)}h`,
    `${Math.floor((whole % SECONDS_AN_HOUR) / SECONDS_A_MINUTE)}m`,
    `${whole % SECONDS_A_MINUTE}s`,
  ];
  const first = parts.findIndex((part) => !part.startsWith('0'));
  return first === -1 ? '0s' : parts.slice(first, first + 2).join(' ');
}
