/** What this package knows of itself: its version, and where its documentation is. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Beside `src` and `dist` alike. */
const PACKAGE = new URL('../', import.meta.url);

/** A page by its path in the repository. */
export type DocumentationPage = `docs/${string}.md`;

/** Returns the URL of a page if the repository's address is set; otherwise the file in a clone or in this package. */
export function documentationPage(page: DocumentationPage): string {
  const url = manifest().repository?.url?.replace(/^git\+|\.git$/g, '') ?? '';
  // The top-level domain that stands for an address which is not set yet: npm run repository.
  if (URL.canParse(url) && !new URL(url).hostname.endsWith('.invalid')) return `${url}/blob/main/${page}`;
  const clone = new URL(`../../${page}`, PACKAGE);
  return fileURLToPath(existsSync(clone) ? clone : new URL(page, PACKAGE));
}

/** The version of this package, which is that of all of Tsukimi. */
export function packageVersion(): string {
  return manifest().version;
}

function manifest(): { readonly version: string; readonly repository?: { readonly url?: string } } {
  return JSON.parse(readFileSync(new URL('package.json', PACKAGE), 'utf8'));
}
