/** What `tsukimi rules` does. */

import { type Document, isMap, isSeq, parseDocument, type YAMLSeq } from 'yaml';
import type { CommandContext } from '../command-context.js';
import { deliver } from '../generate/deliver.js';
import { familiesFrom } from '../generate/families.js';
import { obsoleteRuleFiles, ruleFiles, warnOfBuckets } from '../generate/monitoring-files.js';
import { checkFlags, type GenerationFlags, type HistogramFlags, type NamingFlags } from '../generate/options.js';
import type { RuleFlags } from '../generate/rule-options.js';
import { ruleSettings } from '../generate/rule-settings.js';
import type { GeneratedFile } from '../output/generated-file.js';

/** The options, as parsed by commander. */
export interface RulesFlags extends GenerationFlags, RuleFlags, HistogramFlags, NamingFlags {
  readonly job: readonly string[];
}

export async function makeRules(context: CommandContext, flags: RulesFlags): Promise<void> {
  checkFlags('rules', flags);
  const settings = await ruleSettings(context, flags, flags.job);
  const { histograms, naming } = flags;
  const options = { ...settings, histograms, ...(naming && { naming }), families: await familiesFrom(context, flags.from) };
  const files = ruleFiles(options);
  warnOfBuckets(context, options);
  await deliver(context, { files, obsolete: obsoleteRuleFiles(files), oneText: () => joinedRules(files) }, flags);
}

/** Several rule files as one: the first, with the groups of all. Comments stay where they are. */
function joinedRules(files: readonly GeneratedFile[]): string {
  const [first, ...others] = files.map(({ text }) => parseDocument(text));
  if (first === undefined) return 'groups: []\n';
  const groups = groupsOf(first);
  for (const other of others) groups.items.push(...groupsOf(other).items);
  return first.toString({ lineWidth: 0 });
}

function groupsOf({ contents }: Document): YAMLSeq {
  const groups = isMap(contents) ? contents.get('groups') : undefined;
  if (!isSeq(groups)) throw new Error('A rule file has no groups.');
  return groups;
}
