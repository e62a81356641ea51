/** `tsukimi rules`: recording rules and alerts for Prometheus. */
import { Command, InvalidArgumentError, Option } from 'commander';
import type { CommandContext } from '../command-context.js';
import { addGenerationOptions, histogramsOption, namingOption } from '../generate/options.js';
import { addRuleOptions } from '../generate/rule-options.js';
import { teach } from '../teaching-help.js';
import type { RulesFlags } from './make-rules.js';

/** Creates the command. */
export function rulesCommand(context: CommandContext): Command {
  const command = new Command('rules')
    .summary('Generate recording rules and alerts for Prometheus.')
    .description(
      "Generate recording rules and alerts for Prometheus and, with --from, burn-rate alerts for your application's objectives.",
    );
  addGenerationOptions(command, { what: 'write one file for each subject to this folder (default: print all as one file)' }).addOption(
    jobOption(),
  );
  addRuleOptions(command)
    .addOption(histogramsOption())
    .addOption(namingOption())
    .action(async (flags: RulesFlags) => (await import('./make-rules.js')).makeRules(context, flags));
  return teach(command, {
    examples: [
      { line: 'tsukimi rules > tsukimi.yml', what: "one file, for rule_files in Prometheus's configuration" },
      { line: 'tsukimi rules --from 127.0.0.1:8000 -o prometheus/rules', what: 'include the objectives of your @Slo decorators' },
      {
        line: 'tsukimi rules --threshold httpP95Seconds=0.5 --without ScheduledTaskStopped',
        what: 'change a threshold and leave out an alert',
      },
      { line: 'tsukimi rules --from scrape.txt -o prometheus/rules --check', what: 'in CI: exit with code 1 if a file is stale' },
    ],
    readOn: ['docs/guides/alerts-and-slos.md', 'docs/reference/command-line.md'],
  });
}

function jobOption(): Option {
  return new Option('--job <name>', 'Prometheus job that the rules apply to; can be repeated')
    .default([], 'every job')
    .argParser((name: string, names: readonly string[]) => {
      if (name.trim() === '') throw new InvalidArgumentError('Pass the job_name of the scrape configuration.');
      return [...names, name];
    });
}
