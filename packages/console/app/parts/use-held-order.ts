/** Keeps rows where they are while somebody points at them: values change, places don't. */
import { useRef } from 'preact/hooks';

interface Ordered<Row> {
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly isHeld: boolean;
  /** Another order is shown at once. */
  readonly order: string;
}

export function useHeldOrder<Row>({ rows, keyOf, isHeld, order }: Ordered<Row>): readonly Row[] {
  const last = useRef<{ readonly order: string; readonly keys: readonly string[] }>({ order, keys: [] });
  const shown = isHeld && last.current.order === order ? inOrder(rows, keyOf, last.current.keys) : rows;
  last.current = { order, keys: shown.map(keyOf) };
  return shown;
}

/** Rows that are new come last. */
export function inOrder<Row>(rows: readonly Row[], keyOf: (row: Row) => string, keys: readonly string[]): Row[] {
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  const held = keys.flatMap((key) => {
    const row = byKey.get(key);
    byKey.delete(key);
    return row === undefined ? [] : [row];
  });
  return [...held, ...byKey.values()];
}
