/** Reads the metrics for dashboards and rules. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { catalogueFamilies, fetchFamilies, type MetricFamily, mergeFamilies, readExposition } from '@tsukimi/dashboards';
import type { CommandContext } from '../command-context.js';
import { completeAddress } from '../complete-address.js';
import { emptyScrape, unreadableScrape } from './errors.js';

/**
 * Returns the families of the catalogue and, with `from`, those of an application.
 *
 * @param from `127.0.0.1:8000`, `8000`, a URL with or without the path of its metrics; or a file with a saved scrape
 * @throws DashboardError if the address does not return metrics, or the file is not an exposition
 * @throws CommandError `TSK_ERR_GENERATE_SCRAPE`
 */
export async function familiesFrom({ workingDirectory }: CommandContext, from: string | undefined): Promise<MetricFamily[]> {
  if (from === undefined) return catalogueFamilies();
  const path = resolve(workingDirectory, from);
  const own = isFile(from, path) ? await familiesInFile(path) : await fetchFamilies(withPath(completeAddress(from)));
  return mergeFamilies(catalogueFamilies(), own);
}

// A port or a URL is never a file. A path, or a name with an ending of a text file, always is. Anything else is a file if it exists.
function isFile(from: string, path: string): boolean {
  if (from.trim() === '' || /^:?\d+(\/|$)|^[a-z][a-z\d+.-]*:\/\//i.test(from)) return false;
  return /^[./~]|\.(?:txt|prom|metrics)$/i.test(from) || existsSync(path);
}

async function familiesInFile(path: string): Promise<MetricFamily[]> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => Promise.reject(unreadableScrape(path, cause)));
  const families = readExposition(text, path);
  if (families.length === 0) throw emptyScrape(path);
  return families;
}

/** Text that is not a URL is returned unchanged, and rejected later with the right message. */
function withPath(text: string): string {
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  if (url.pathname === '/') url.pathname = '/metrics';
  return url.href;
}
