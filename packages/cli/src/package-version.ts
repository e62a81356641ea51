/** The version of this package, which is that of all of Tsukimi. */
import { readFileSync } from 'node:fs';

const MANIFEST = new URL('../package.json', import.meta.url);

/** Read from package.json, which is beside `src` and `dist` alike. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(MANIFEST, 'utf8')) as { readonly version: string };
  return version;
}
