import type pg from 'pg';

/** Runs typical queries, and says with `outcomes` what came of each. */
export function useDrizzle(
  pool: pg.Pool,
  outcomes: (steps: Readonly<Record<string, () => unknown>>) => Promise<Record<string, unknown>>,
): Promise<Record<string, unknown>>;
