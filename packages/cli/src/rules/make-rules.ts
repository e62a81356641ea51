/** What `tsukimi rules` does. */
import type { CommandContext } from '../command-context.js';
import { deliver } from '../monitoring/deliver.js';
import { familiesFrom } from '../monitoring/families.js';
import { checkFlags, type GenerationFlags } from '../monitoring/options.js';
import { ruleFiles } from '../monitoring/rule-files.js';
import { joinedRules } from './joined-rules.js';

/** As commander gives them. */
export interface RulesFlags extends GenerationFlags {
  readonly job: readonly string[];
}

export async function makeRules(context: CommandContext, flags: RulesFlags): Promise<void> {
  checkFlags('rules', flags);
  const files = ruleFiles(await familiesFrom(flags.from), flags.job);
  await deliver(context, { files, oneText: () => joinedRules(files) }, flags);
}
