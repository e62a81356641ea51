/** Knows the other copies of this package in the process: what was decorated with one of them is unknown to this one. */
import { filePathOf } from './call-sites.js';
import type { Class } from './definition.js';

/** One copy, as it tells the others. */
export interface CopyOfCore {
  /** The URL of its list of declared components. */
  readonly url: string;
  has(type: Class): boolean;
  /** The names of its components, applications left out. */
  components(): readonly string[];
}

// Every copy reads this list, so its shape stays.
const COPIES = Symbol.for('tsukimi:copies-of-core');
const LONGEST_LIST = 5;
let own: CopyOfCore | undefined;

/** Tells the other copies of this one. */
export function registerCopyOfCore(copy: CopyOfCore): void {
  own = copy;
  // Weak: a test runner that evaluates this package again and again leaves nothing behind.
  copiesInProcess().push(new WeakRef(copy));
}

/** Says which copy has declared a class that this one does not know; undefined where none has. */
export function declaredWithOtherCopy(type: unknown): string | undefined {
  if (typeof type !== 'function') return undefined;
  const owner = otherCopies().find((copy) => copy.has(type as Class));
  if (owner === undefined) return undefined;
  const name = type.name === '' ? 'The class' : type.name;
  return `${name} was decorated with ${describe(owner)}`;
}

/** A warning for each other copy that has components, none of which this copy's applications can have. */
export function warningsOfOtherCopies(): readonly string[] {
  return otherCopies().flatMap((copy) => {
    const names = copy.components();
    if (names.length === 0 || isOlderEvaluation(copy)) return [];
    const listed = names.slice(0, LONGEST_LIST).join(', ');
    const more = names.length > LONGEST_LIST ? ` and ${names.length - LONGEST_LIST} more` : '';
    return [`${listed}${more} will not be part of this application: decorated with ${describe(copy)}`];
  });
}

function otherCopies(): readonly CopyOfCore[] {
  return copies().filter((copy) => copy !== own);
}

// What an older evaluation of this very file has is evaluated again with it.
function isOlderEvaluation(copy: CopyOfCore): boolean {
  const all = copies();
  return own !== undefined && folderOf(copy) === folderOf(own) && all.indexOf(copy) < all.indexOf(own);
}

function copies(): readonly CopyOfCore[] {
  return copiesInProcess().flatMap((reference) => reference.deref() ?? []);
}

function copiesInProcess(): WeakRef<CopyOfCore>[] {
  const holder = globalThis as { [COPIES]?: WeakRef<CopyOfCore>[] };
  const alive = (holder[COPIES] ?? []).filter((reference) => reference.deref() !== undefined);
  holder[COPIES] = alive;
  return alive;
}

function describe(copy: CopyOfCore): string {
  const [theirs, ours] = [folderOf(copy), own === undefined ? undefined : folderOf(own)];
  if (theirs === ours) {
    return `another evaluation of @tsukimi/core (${theirs}). After a reset of modules, import the components, the application and @tsukimi/core again.`;
  }
  return `another copy of @tsukimi/core (${theirs}; the application uses ${ours}). Keep one copy: npm ls @tsukimi/core shows which packages bring the copies.`;
}

function folderOf({ url }: CopyOfCore): string {
  return (filePathOf(url) ?? url).replace(/[\\/](?:dist|src)[\\/]components[\\/][^\\/]+$/, '');
}
