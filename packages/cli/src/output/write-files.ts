/** Writes all files of a plan, or none. */
import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { notWritable } from './errors.js';
import type { PlannedFile } from './file-plan.js';

/**
 * Writes what a plan calls new or updated, and removes what it calls obsolete. Every file is first written under another name beside its own: where one can't be,
 * nothing has changed.
 *
 * @throws CommandError `TSK_ERR_OUTPUT_REFUSED`
 */
export async function writeFiles(folder: string, plan: readonly PlannedFile[]): Promise<void> {
  const written = plan.filter(({ state }) => state === 'new' || state === 'updated').map(({ file }) => file);
  const staging = new Staging();
  try {
    for (const { path, text } of written) await staging.add(join(folder, path), text);
    await staging.commit();
    for (const { file, state } of plan) if (state === 'obsolete') await rm(join(folder, file.path), { force: true });
  } catch (error) {
    await staging.undo();
    throw error;
  }
}

class Staging {
  readonly #suffix = `.${randomUUID()}.tmp`;
  readonly #paths: string[] = [];
  readonly #folders: string[] = [];

  async add(path: string, text: string): Promise<void> {
    try {
      await this.#makeFolder(dirname(path));
      this.#paths.push(path);
      await writeFile(`${path}${this.#suffix}`, text);
    } catch (error) {
      throw notWritable(path, error);
    }
  }

  // Node's own recursive mkdir never ends where the system says of a folder that it can't be made, as below /proc.
  async #makeFolder(folder: string): Promise<void> {
    if (await exists(folder)) return;
    if (dirname(folder) !== folder) await this.#makeFolder(dirname(folder));
    await mkdir(folder);
    this.#folders.push(folder);
  }

  async commit(): Promise<void> {
    for (const path of this.#paths) {
      await rename(`${path}${this.#suffix}`, path).catch((error: unknown) => Promise.reject(notWritable(path, error)));
    }
  }

  /** A folder that was made is ours with all that is in it. */
  async undo(): Promise<void> {
    for (const path of this.#paths) await rm(`${path}${this.#suffix}`, { force: true });
    for (const folder of this.#folders) await rm(folder, { recursive: true, force: true });
  }
}

function exists(folder: string): Promise<boolean> {
  return stat(folder).then(
    () => true,
    () => false,
  );
}
