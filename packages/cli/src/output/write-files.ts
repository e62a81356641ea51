/** Writes all files of a plan, or none. */
import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { notWritable } from './errors.js';
import type { PlannedFile } from './file-plan.js';

/**
 * Writes the new and updated files of a plan, and removes the obsolete ones. Each file is first written under a temporary name next to its own, so that
 * nothing has changed if one can't be written.
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

  // Node's recursive mkdir never ends if the system can't create a folder, as below /proc.
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

  /** Removes what was written. Folders that were created are removed with their content. */
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
