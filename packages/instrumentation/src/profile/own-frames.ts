/** Recognizes our own code on a stack, by its files. In a bundle, it can't be told from the application's. */

/** What our code is at. */
export type OwnWork = 'calls' | 'requests' | 'reading' | 'other';

export class OwnFrames {
  readonly #roots: readonly (readonly [root: string, workOf: (path: string) => OwnWork])[];
  readonly #known = new Map<string, OwnWork | undefined>();

  constructor() {
    const own = folderOf(import.meta.url, HERE);
    const folders = [
      [own, (path: string): OwnWork => FOLDERS[path.split('/')[0] ?? ''] ?? 'other'],
      [folderOf(metricsEntry(), METRICS_ENTRY), (): OwnWork => 'reading'],
      [own?.replace(/\/instrumentation(?=\/(src|dist)\/$)/, '/console'), (): OwnWork => 'reading'],
    ] as const;
    this.#roots = folders.flatMap(([folder, workOf]) =>
      // Some tools load scripts by their paths, not their URLs.
      folder === undefined ? [] : [[folder, workOf] as const, [folder.replace(/^file:\/\//, ''), workOf] as const],
    );
  }

  /** What the file is for; undefined if it is not ours. */
  of(url: string): OwnWork | undefined {
    if (this.#known.has(url)) return this.#known.get(url);
    const found = this.#roots.find(([root]) => url.startsWith(root));
    // Package managers that link packages have each in a place of its own.
    const work = found === undefined ? (LINKED_CONSOLE.test(url) ? 'reading' : undefined) : found[1](url.slice(found[0].length));
    this.#known.set(url, work);
    return work;
  }
}

const FOLDERS: Readonly<Record<string, OwnWork>> = {
  calls: 'calls',
  'client-calls': 'calls',
  observers: 'calls',
  http: 'requests',
  'http-client': 'requests',
  endpoints: 'requests',
  exporters: 'reading',
  console: 'reading',
};

const HERE = /(?<=\/instrumentation\/(src|dist)\/)profile\/own-frames\.[jt]s$/;
const METRICS_ENTRY = /(?<=\/metrics\/(src|dist)\/)index\.[jt]s$/;
const LINKED_CONSOLE = /\/node_modules\/@tsukimi\/console\/dist\//;

/** In a bundle, our files are not where they were, and a folder would have the application's code in it. */
function folderOf(url: string, file: RegExp): string | undefined {
  return file.test(url) ? url.replace(file, '') : undefined;
}

function metricsEntry(): string {
  try {
    return import.meta.resolve('@tsukimi/metrics');
  } catch {
    return '';
  }
}
