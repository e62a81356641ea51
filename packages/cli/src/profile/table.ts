/** A profile as a table. */
import { printable } from '../printable.js';

interface Share {
  readonly self: number;
  readonly share: number;
}

interface Method extends Share {
  readonly component: string;
  readonly method: string;
  readonly with_callees: number;
  readonly with_callees_share: number;
  readonly place: string;
}

/** What the application answers, as far as it is printed. */
export interface ProfileReport {
  readonly kind: 'cpu' | 'heap';
  readonly duration_seconds: number;
  readonly samples: number;
  readonly total: number;
  readonly idle?: number;
  readonly methods: readonly Method[];
  readonly outside: Share & { readonly functions: readonly (Share & { readonly name: string; readonly place: string })[] };
  readonly measuring: Share;
  readonly garbage_collection?: Share;
  readonly native?: Share;
  readonly files: readonly { readonly name: string; readonly content_base64: string }[];
}

const SHOWN_FUNCTIONS = 3;

/** The lines of the table. */
export function tableOf(report: ProfileReport, limit: number): string[] {
  const { kind, total, idle, samples, methods, outside } = report;
  const value = kind === 'cpu' ? milliseconds : bytes;
  const row = (name: string, { self, share }: Share, place = '') => [name, value(self), percent(share), '', '', place];
  const rows: string[][] = [
    ['METHOD', 'SELF', '', 'WITH CALLEES', '', 'PLACE'],
    ...methods
      .slice(0, limit)
      .map((each) => [
        `${each.component}.${each.method}`,
        value(each.self),
        percent(each.share),
        value(each.with_callees),
        percent(each.with_callees_share),
        each.place,
      ]),
    row('outside any component', outside),
    ...outside.functions.slice(0, SHOWN_FUNCTIONS).map((each) => row(`  ${each.name}`, each, each.place)),
    ...(report.garbage_collection === undefined ? [] : [row('garbage collection', report.garbage_collection)]),
    ...(report.native === undefined ? [] : [row('native code', report.native)]),
    row('measuring', report.measuring),
  ].map((cells) => cells.map(printable));
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const lines = rows.map((cells) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  const busy = idle === undefined ? 'in use' : `used, ${percent(total / (total + idle || 1))} of the time`;
  const left = methods.length > limit ? [`(${methods.length - limit} more methods)`] : [];
  return [`${value(total)} ${busy}, from ${samples} samples in ${report.duration_seconds.toFixed(1)} s`, '', ...lines, ...left];
}

function milliseconds(value: number): string {
  return `${value.toFixed(value < 100 ? 1 : 0)} ms`;
}

function bytes(value: number): string {
  return `${(value / 2 ** 20).toFixed(2)} MiB`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
