/** Recognizes our own code on a stack, by its files. In a bundle, it can't be told from the application's. */

export class OwnFrames {
  readonly #roots: readonly string[];
  readonly #known = new Map<string, boolean>();

  constructor() {
    const folders = [folderOf(import.meta.url, HERE), folderOf(metricsEntry(), METRICS_ENTRY)].filter((each) => each !== undefined);
    // Some tools load scripts by their paths, not their URLs.
    this.#roots = folders.flatMap((folder) => [folder, folder.replace(/^file:\/\//, '')]);
  }

  has(url: string): boolean {
    let isOwn = this.#known.get(url);
    if (isOwn === undefined) {
      isOwn = this.#roots.some((root) => url.startsWith(root));
      this.#known.set(url, isOwn);
    }
    return isOwn;
  }
}

const HERE = /(?<=\/instrumentation\/(src|dist)\/)profile\/own-frames\.[jt]s$/;
const METRICS_ENTRY = /(?<=\/metrics\/(src|dist)\/)index\.[jt]s$/;

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
