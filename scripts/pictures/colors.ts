/** Grafana's names of colours, as they are on a light page, and which colour a value gets. */
import type { ThresholdJson } from '../../test/support/grafana/dashboard-json.js';

/** The page that everything is drawn on. */
export const PAGE = {
  background: '#f4f5f5',
  card: '#ffffff',
  border: '#dcdfe4',
  grid: '#e9ebee',
  text: '#24292e',
  faint: '#646b76',
} as const;

const HUES: Readonly<Record<string, string>> = {
  green: '#2f8f46',
  yellow: '#c99a00',
  orange: '#d9701a',
  red: '#d1303f',
  blue: '#2f6fd0',
  purple: '#8547b8',
  gray: '#7a828e',
  text: PAGE.text,
  transparent: PAGE.text,
};

/** For series that have no colour of their own, in their order. */
const SERIES_COLORS = [
  '#2f6fd0',
  '#d9701a',
  '#2f8f46',
  '#8547b8',
  '#d1303f',
  '#138a98',
  '#a87d00',
  '#b0417f',
  '#5f6b7a',
  '#6a5acd',
] as const;

/** A colour of Grafana's by its name (`dark-red`, `semi-dark-green`) or as it is where it is a colour already. */
export function colorOf(name: string): string {
  if (name.startsWith('#') || name.startsWith('rgb')) return name;
  return HUES[name.split('-').at(-1) ?? ''] ?? PAGE.text;
}

/** The colour of the series at a place in the legend. */
export function seriesColor(index: number): string {
  return SERIES_COLORS[index % SERIES_COLORS.length] ?? PAGE.text;
}

/** The colour of the highest threshold that a value has reached. */
export function thresholdColor(steps: readonly ThresholdJson[] | undefined, value: number): string {
  const reached = (steps ?? []).filter((step) => step.value === null || step.value === undefined || value >= step.value);
  return colorOf(reached.at(-1)?.color ?? 'text');
}
