/** The axis of time below a chart, in UTC. */
import type { ChartOptions } from './chart.js';
import { PAGE } from './colors.js';

/** Below it, labels have seconds. */
const SHORT_SECONDS = 150;

/** From the first point to the last, with hours and minutes, and seconds where it is short. */
export function timeAxis(
  { fromSeconds, toSeconds }: { readonly fromSeconds: number; readonly toSeconds: number },
  width: number,
): ChartOptions {
  const isShort = toSeconds - fromSeconds < SHORT_SECONDS;
  return {
    type: 'time',
    min: fromSeconds * 1_000,
    max: toSeconds * 1_000,
    // One label a minute where seconds are not written: none stands there twice.
    minInterval: isShort ? undefined : 60_000,
    splitNumber: Math.max(2, Math.floor(width / 130)),
    axisLabel: {
      color: PAGE.faint,
      fontSize: 11,
      hideOverlap: true,
      formatter: isShort ? '{HH}:{mm}:{ss}' : '{HH}:{mm}',
    },
    axisLine: { onZero: false, lineStyle: { color: PAGE.border } },
    axisTick: { lineStyle: { color: PAGE.border } },
    splitLine: { show: false },
  };
}
