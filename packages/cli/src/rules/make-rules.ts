/** What `tsukimi rules` does. */
import type { CommandContext } from '../command-context.js';
import { deliver } from '../monitoring/deliver.js';
import { familiesFrom } from '../monitoring/families.js';
import { checkFlags, type GenerationFlags } from '../monitoring/options.js';
import { obsoleteRuleFiles, ruleFiles } from '../monitoring/rule-files.js';
import type { RuleFlags } from '../monitoring/rule-options.js';
import { ruleSettings } from '../monitoring/rule-settings.js';
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
