/** The columns of the table: what they are called, what they show, and which go first where there is no room. */
import type { Row } from './rates.js';

/** A column of numbers; names are to the left of them all. */
export interface Column {
  readonly title: string;
  /** The smaller, the longer it stays in a terminal that gets narrow. */
  readonly importance: number;
  cell(row: Row): string;
}

/** In the order in which they are shown. */
export const COLUMNS: readonly Column[] = [
  { title: 'TOTAL', importance: 4, cell: ({ total }) => String(total) },
  { title: 'RATE/S', importance: 1, cell: ({ ratePerSecond }) => threeDigits(ratePerSecond) },
  { title: 'ERRORS', importance: 5, cell: ({ errors }) => String(errors) },
  { title: 'ERRORS/S', importance: 2, cell: ({ errorsPerSecond }) => threeDigits(errorsPerSecond) },
  { title: 'P95 MS', importance: 3, cell: ({ p95Ms }) => threeDigits(p95Ms) },
];

/** Three digits that count, and never an exponent: `0.0125`, `1.25`, `12.5`, `1250`. What is not known is `-`. */
function threeDigits(value: number | null): string {
  if (value === null) return '-';
  if (value === 0) return '0';
  const decimals = Math.min(MOST_DECIMALS, Math.max(0, 2 - Math.floor(Math.log10(value))));
  return value.toFixed(decimals);
}

const MOST_DECIMALS = 4;
