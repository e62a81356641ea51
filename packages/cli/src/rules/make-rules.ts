/** What `tsukimi rules` does. */
import type { CommandContext } from '../command-context.js';
import { deliver } from '../generate/deliver.js';
import { familiesFrom } from '../generate/families.js';
import { checkFlags, type GenerationFlags } from '../generate/options.js';
import { obsoleteRuleFiles, ruleFiles } from '../generate/rule-files.js';
import type { RuleFlags } from '../generate/rule-options.js';
import { ruleSettings } from '../generate/rule-settings.js';
import { joinedRules } from './joined-rules.js';

/** As commander gives them. */
export interface RulesFlags extends GenerationFlags, RuleFlags {
  readonly job: readonly string[];
}

export async function makeRules(context: CommandContext, flags: RulesFlags): Promise<void> {
  checkFlags('rules', flags);
  const settings = await ruleSettings(context, flags, flags.job);
  const files = ruleFiles({ ...settings, families: await familiesFrom(context, flags.from) });
  await deliver(context, { files, obsolete: obsoleteRuleFiles(files), oneText: () => joinedRules(files) }, flags);
}
