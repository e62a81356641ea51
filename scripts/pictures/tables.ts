/** Makes tables of queries' answers, with the transformations that our dashboards ask Grafana for. */
import type { TransformationJson } from '../../test/support/grafana/dashboard-json.js';
import { type PanelData, regularExpression, type TargetResult } from './fields.js';

type Cell = string | number;
type Row = Readonly<Record<string, Cell>>;

/** The columns in their order, and the rows by the names of the columns. */
export interface Table {
  /** The queries that it came from. */
  readonly refIds: readonly string[];
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

type Transformation = (tables: readonly Table[], options: Readonly<Record<string, unknown>>) => readonly Table[];

const TRANSFORMATIONS: Readonly<Record<string, Transformation>> = {
  merge: (tables) => (tables.length === 0 ? [] : [tables.reduce(mergeTwo)]),
  organize: (tables, options) => tables.map((table) => organize(table, options)),
  calculateField: (tables, options) => tables.map((table) => calculate(table, options)),
};

/** The tables that a panel's queries give, after its transformations. */
export function tablesOf({ panel, results }: PanelData): readonly Table[] {
  const tables = results.map((result) => tableOf(result, results.length === 1 ? 'Value' : `Value #${result.refId}`));
  return (panel.transformations ?? []).reduce<readonly Table[]>(transform, tables);
}

function tableOf({ refId, series }: TargetResult, valueColumn: string): Table {
  const labels = [...new Set(series.flatMap((each) => Object.keys(each.labels)))].sort();
  const rows = series.map((each) => ({ ...each.labels, [valueColumn]: each.points.at(-1)?.[1] ?? Number.NaN }));
  return { refIds: [refId], columns: [...labels, valueColumn], rows };
}

function transform(tables: readonly Table[], { id, options, filter }: TransformationJson): readonly Table[] {
  const change = TRANSFORMATIONS[id];
  if (change === undefined) throw new Error(`The transformation ${id} is not known to the script that draws.`);
  const isMeant = ({ refIds }: Table) =>
    filter === undefined || refIds.every((refId) => regularExpression(String(filter.options)).test(refId));
  return [...change(tables.filter(isMeant), options), ...tables.filter((table) => !isMeant(table))];
}

// Rows are one where everything that both tables have is the same.
function mergeTwo(left: Table, right: Table): Table {
  const shared = left.columns.filter((column) => right.columns.includes(column));
  const keyOf = (row: Row) => JSON.stringify(shared.map((column) => row[column]));
  const others = new Map(right.rows.map((row) => [keyOf(row), row]));
  const merged = left.rows.map((row) => {
    const other = others.get(keyOf(row));
    others.delete(keyOf(row));
    return { ...row, ...other };
  });
  return {
    refIds: [...left.refIds, ...right.refIds],
    columns: [...new Set([...left.columns, ...right.columns])],
    rows: [...merged, ...others.values()],
  };
}

interface OrganizeOptions {
  readonly excludeByName?: Readonly<Record<string, boolean>>;
  readonly indexByName?: Readonly<Record<string, number>>;
  readonly renameByName?: Readonly<Record<string, string>>;
}

function organize(table: Table, { excludeByName = {}, indexByName = {}, renameByName = {} }: OrganizeOptions): Table {
  const place = (column: string) => indexByName[column] ?? Number.MAX_SAFE_INTEGER;
  const kept = table.columns.filter((column) => excludeByName[column] !== true).sort((a, b) => place(a) - place(b));
  const nameOf = (column: string) => renameByName[column] || column;
  const rows = table.rows.map((row) => Object.fromEntries(kept.flatMap((column) => cellOf(nameOf(column), row[column]))));
  return { ...table, columns: kept.map(nameOf), rows };
}

function cellOf(name: string, value: Cell | undefined): (readonly [string, Cell])[] {
  return value === undefined ? [] : [[name, value]];
}

type Operand = { readonly matcher: { readonly options: string } } | { readonly fixed: string };

interface CalculateOptions {
  readonly alias?: string;
  readonly binary?: { readonly left: Operand; readonly operator: string; readonly right: Operand };
}

const OPERATORS: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
};

// A table that lacks an operand stays as it is.
function calculate(table: Table, { alias = '', binary }: CalculateOptions): Table {
  if (binary === undefined) throw new Error('Only what is calculated of two operands is known to the script that draws.');
  const { left, operator, right } = binary;
  if (![left, right].every((operand) => 'fixed' in operand || table.columns.includes(operand.matcher.options))) return table;
  const rows = table.rows.map((row) => ({
    ...row,
    [alias]: OPERATORS[operator]?.(operandOf(left, row), operandOf(right, row)) ?? Number.NaN,
  }));
  return { ...table, columns: [...table.columns, alias], rows };
}

function operandOf(operand: Operand, row: Row): number {
  return Number('fixed' in operand ? operand.fixed : row[operand.matcher.options]);
}
