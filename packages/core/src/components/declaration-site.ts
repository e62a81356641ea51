/** Where in which file a class was declared: tells a module that is evaluated again from two classes of one name. */
import { isAbsolute } from 'node:path';
import { callSitesBelow, filePathOf } from './call-sites.js';

/** The place of a class at the top level of its module. */
export interface DeclarationSite {
  readonly file: string;
  /** The file as its loader names it, `?v=2` included. */
  readonly url: string;
  /** Of the module's text; empty where the runtime tells none. */
  readonly textHash: string;
  readonly position: number;
}

const OWN_URL = new URL('../', import.meta.url).href;
const OWN_FOLDER = filePathOf(OWN_URL) ?? OWN_URL;
const DECORATOR_LIBRARY = /[\\/]node_modules[\\/](?:reflect-metadata|tslib)[\\/]/;
// What compilers put between a class and its decorators: __decorate, _ts_decorate, __decorateClass, __esDecorate.
const COMPILER_HELPER = /^_+\w*decorate/i;
// Node gives module code no name; Vite's server evaluates it as a function.
const MODULE_CODE: ReadonlySet<string | null> = new Set([null, 'eval', 'anonymous']);

/**
 * Where the class is that a call below `below` decorates; undefined for one that a function makes, because each call makes another.
 * Costs one stack trace, some microseconds.
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

// Below the compiler's helper: decorators of users, which call ours, are above it.
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

// The function around a module's own code begins with its file; a callback begins further down.
function isModuleCode(site: NodeJS.CallSite, caller: NodeJS.CallSite | undefined): boolean {
  if (!MODULE_CODE.has(site.getFunctionName()) || (site.getEnclosingLineNumber?.() ?? 1) !== 1) return false;
  if ((site.getEnclosingColumnNumber?.() ?? 1) > 2) return false;
  return caller === undefined || (!caller.isNative() && urlOf(caller) !== undefined && urlOf(caller) !== urlOf(site));
}

function urlOf(site: NodeJS.CallSite): string | undefined {
  return site.getFileName() ?? site.getScriptNameOrSourceURL?.() ?? undefined;
}
