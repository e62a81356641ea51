/** What `tsukimi compose` does. */
import { resolve } from 'node:path';
import type { CommandContext } from '../command-context.js';
import { outputFiles } from '../files/output-files.js';
import { familiesFrom } from '../monitoring/families.js';
import { checkFlags, type GenerationFlags } from '../monitoring/options.js';
import { readApplicationSettings } from './application-settings.js';
import { dockerFiles } from './docker-files.js';

/** As commander gives them; the folder has a default. */
export interface ComposeFlags extends GenerationFlags {
  readonly output: string;
}

export async function makeCompose(context: CommandContext, flags: ComposeFlags): Promise<void> {
  checkFlags('compose', flags);
  const folder = resolve(context.workingDirectory, flags.output);
  const settings = await readApplicationSettings(folder);
  const files = dockerFiles({ ...settings, families: await familiesFrom(flags.from) });
  await outputFiles(context, { folder, files, existing: 'update', force: flags.force === true, check: flags.check === true });
}
