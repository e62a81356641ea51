/** Writes generated files to a folder or to the output. */
import { resolve } from 'node:path';
import type { CommandContext } from '../command-context.js';
import type { GeneratedFile } from '../output/generated-file.js';
import { outputFiles } from '../output/output-files.js';
import { refuseDropping } from './dropped.js';
import type { GenerationFlags } from './options.js';

/** The generated files of a command. */
export interface Generated {
  readonly files: readonly GeneratedFile[];
  /** Paths of files that the command generates in other cases only. */
  readonly obsolete?: readonly string[];
  /** Returns everything as one text, if there is no folder. */
  readonly oneText: () => string;
}

/** Writes the files to the folder of `-o`, or the text to the output where there is none. */
export async function deliver(
  context: CommandContext,
  { files, obsolete = [], oneText }: Generated,
  flags: GenerationFlags,
): Promise<void> {
  if (flags.output === undefined) return context.output.write(oneText());
  const folder = resolve(context.workingDirectory, flags.output);
  await refuseDropping(folder, { files, obsolete }, flags);
  await outputFiles(context, { folder, files, obsolete, existing: 'update', force: flags.force === true, check: flags.check === true });
}
