/** Plans what happens to each file. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { folderIsFile, notWritable, pathIsFolder } from './errors.js';
import { type GeneratedFile, hasMark } from './generated-file.js';

/**
 * `new`: does not exist. `unchanged`: exists with the same text. `updated`: will be replaced. `kept`: exists, belongs to the user, and is kept.
 * `in the way`: exists, belongs to the user, and would have to be replaced. `obsolete`: was generated, and is no longer needed.
 */
export type FileState = 'new' | 'unchanged' | 'updated' | 'kept' | 'in the way' | 'obsolete';

export interface PlannedFile {
  readonly file: GeneratedFile;
  readonly state: FileState;
}

/** How to handle existing files with other text. */
export interface PlanOptions {
  readonly files: readonly GeneratedFile[];
  /** Paths of files that the command generates in other cases. Existing ones with the mark are removed. */
  readonly obsolete?: readonly string[];
  /** `refuse`: existing files are in the way. `update`: generated files are replaced, starters are kept. */
  readonly existing: 'refuse' | 'update';
  /** Whether to replace existing files in all cases. */
  readonly force: boolean;
}

/**
 * Examines the folder without changing anything.
 *
 * @param folder absolute; it need not exist.
 * @throws CommandError `TSK_ERR_OUTPUT_FOLDER`, `TSK_ERR_OUTPUT_FILE`, `TSK_ERR_OUTPUT_REFUSED`
 */
export async function planFiles(folder: string, options: PlanOptions): Promise<PlannedFile[]> {
  await refuseFile(folder);
  const plan: PlannedFile[] = [];
  for (const file of options.files) plan.push({ file, state: stateOf(file, await existingText(join(folder, file.path)), options) });
  for (const path of options.obsolete ?? []) {
    const text = await existingText(join(folder, path));
    if (text !== undefined && hasMark(text)) plan.push({ file: { path, text: '', kind: 'generated' }, state: 'obsolete' });
  }
  return plan.toSorted((left, right) => byPath(left.file, right.file));
}

function byPath(left: GeneratedFile, right: GeneratedFile): number {
  return left.path < right.path ? -1 : 1;
}

function stateOf({ kind, text }: GeneratedFile, existing: string | undefined, options: PlanOptions): FileState {
  if (existing === undefined) return 'new';
  if (existing === text) return 'unchanged';
  if (options.force) return 'updated';
  if (options.existing === 'refuse') return 'in the way';
  if (kind === 'starter') return 'kept';
  return hasMark(existing) ? 'updated' : 'in the way';
}

async function refuseFile(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found !== undefined && !found.isDirectory()) throw folderIsFile(folder);
}

async function existingText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code === 'EISDIR') throw pathIsFolder(path);
    throw notWritable(path, error);
  }
}
