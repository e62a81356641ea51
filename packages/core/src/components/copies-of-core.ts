/** Finds other copies of this package in the process. Classes that were decorated with another copy are unknown to this one. */
import { filePathOf } from './call-sites.js';
import type { Class } from './definition.js';

/** One copy, as it registers itself for the others. */
export interface CopyOfCore {
  /** The URL of its list of declared components. */
  readonly url: string;
  has(type: Class): boolean;
  /** The names of its components, applications left out. */
  components(): readonly string[];
  /** Whether a decorator of a member or a parameter was applied to a class, or to its prototype. Missing in older versions. */
  decorates?(target: object): boolean;
}

// All copies, of any version, read this list, so its shape must not change.
const COPIES = Symbol.for('tsukimi:copies-of-core');
const LONGEST_LIST = 5;
let own: CopyOfCore | undefined;

/** Registers this copy for the others. */
export function registerCopyOfCore(copy: CopyOfCore): void {
  own = copy;
  // Weak references, so that a test runner can evaluate this package many times without a leak.
  copiesInProcess().push(new WeakRef(copy));
}

/** Describes the copy that declared a class; undefined if no other copy did. */
export function declaredWithOtherCopy(type: unknown): string | undefined {
  if (typeof type !== 'function') return undefined;
  const owner = otherCopies().find((copy) => copy.has(type as Class));
  if (owner === undefined) return undefined;
  const name = type.name === '' ? 'The class' : type.name;
  return `${name} was decorated with ${describe(owner)}`;
}

/** Describes the copy whose decorators are on members of a class, where this copy cannot see them; undefined if there is none. */
export function membersDecoratedWithOtherCopy(type: Class): string | undefined {
  const owner = otherCopies().find((copy) => decorates(copy, type));
  return owner && describe(owner);
}

function decorates(copy: CopyOfCore, type: Class): boolean {
  if (copy.decorates === undefined) return false;
  for (let level: unknown = type; typeof level === 'function' && level !== Function.prototype; level = Object.getPrototypeOf(level)) {
    if (copy.decorates(level) || (typeof level.prototype === 'object' && copy.decorates(level.prototype))) return true;
  }
  return false;
}

/** A warning for each other copy that has components, because this copy's applications can't use them. */
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

// The components of an older evaluation of this file are evaluated again with it.
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
