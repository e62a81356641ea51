/** Finds where a class was declared, to tell a module that is evaluated again from two classes with the same name. */
import { isAbsolute } from 'node:path';
import { callSitesBelow, filePathOf } from './call-sites.js';

/** The place of a class at the top level of its module. */
export interface DeclarationSite {
  readonly file: string;
  /** The file as its loader names it, including `?v=2`. */
  readonly url: string;
  /** Hash of the module's text; empty if the runtime does not provide the text. */
  readonly textHash: string;
  readonly position: number;
}

const OWN_URL = new URL('../', import.meta.url).href;
const OWN_FOLDER = filePathOf(OWN_URL) ?? OWN_URL;
const DECORATOR_LIBRARY = /[\\/]node_modules[\\/](?:reflect-metadata|tslib)[\\/]/;
// Helpers that compilers call between a class and its decorators: __decorate, _ts_decorate, __decorateClass, __esDecorate.
const COMPILER_HELPER = /^_+\w*decorate/i;
// Node gives module code no function name; Vite's server evaluates it as a function.
const MODULE_CODE: ReadonlySet<string | null> = new Set([null, 'eval', 'anonymous']);

/**
 * Returns where the class is that is being decorated by a caller of `below`; undefined for a class inside a function, which creates another class
 * with each call. The cost is one stack trace, a few microseconds.
 */
export function declarationSite(below: (...parameters: never[]) => unknown): DeclarationSite | undefined {
  const sites = callSitesBelow(below);
  const index = indexOfClass(sites);
  const site = sites[index];
  if (site === undefined || !isModuleCode(site, sites[index + 1])) return undefined;
  const url = urlOf(site);
  const file = filePathOf(url);
  if (url === undefined || file === undefined || !isAbsolute(file)) return undefined;
  return { file, url, textHash: site.getScriptHash?.() ?? '', position: site.getPosition?.() ?? 0 };
}

// The frame below the compiler's helper. Users' own decorators that call ours are above it.
function indexOfClass(sites: readonly NodeJS.CallSite[]): number {
  const topLevel = sites.findIndex((site, index) => isModuleCode(site, sites[index + 1]));
  const helper = sites.findIndex((site) => COMPILER_HELPER.test(site.getFunctionName() ?? ''));
  const start = helper !== -1 && helper < topLevel ? helper : 0;
  return sites.findIndex((site, index) => index >= start && !isBetween(site));
}

function isBetween(site: NodeJS.CallSite): boolean {
  const url = urlOf(site) ?? '';
  return (
    url.startsWith(OWN_URL) ||
    url.startsWith(OWN_FOLDER) ||
    DECORATOR_LIBRARY.test(url) ||
    COMPILER_HELPER.test(site.getFunctionName() ?? '')
  );
}

// The function around a module's code begins at the start of the file; a callback begins further down.
function isModuleCode(site: NodeJS.CallSite, caller: NodeJS.CallSite | undefined): boolean {
  if (!MODULE_CODE.has(site.getFunctionName()) || (site.getEnclosingLineNumber?.() ?? 1) !== 1) return false;
  if ((site.getEnclosingColumnNumber?.() ?? 1) > 2) return false;
  return caller === undefined || (!caller.isNative() && urlOf(caller) !== undefined && urlOf(caller) !== urlOf(site));
}

function urlOf(site: NodeJS.CallSite): string | undefined {
  return site.getFileName() ?? site.getScriptNameOrSourceURL?.() ?? undefined;
}
