/** Where a page of the documentation is, for whoever has this package. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Beside `src` and `dist` alike. */
const PACKAGE = new URL('../', import.meta.url);

/** A page by its path in the repository. */
export type DocumentationPage = `docs/${string}.md`;

/** Its address on the web where the repository has one; otherwise the file, of a clone or of this package. */
export function documentationPage(page: DocumentationPage): string {
  const { repository } = JSON.parse(readFileSync(new URL('package.json', PACKAGE), 'utf8')) as {
    readonly repository?: { readonly url?: string };
  };
  const url = repository?.url?.replace(/^git\+|\.git$/g, '') ?? '';
  // The top-level domain that stands for an address which is not set yet: npm run repository.
  if (URL.canParse(url) && !new URL(url).hostname.endsWith('.invalid')) return `${url}/blob/main/${page}`;
  const clone = new URL(`../../${page}`, PACKAGE);
  return fileURLToPath(existsSync(clone) ? clone : new URL(page, PACKAGE));
}
