/** `tsukimi rules`: recording rules and alerts for Prometheus. */
import { Command, InvalidArgumentError, Option } from 'commander';
import type { CommandContext } from '../command-context.js';
import { addGenerationOptions } from '../generate/options.js';
import { addRuleOptions } from '../generate/rule-options.js';
import { teach } from '../teaching-help.js';
import type { RulesFlags } from './make-rules.js';

/** Makes the command. */
export function rulesCommand(context: CommandContext): Command {
  const command = new Command('rules')
    .summary('Make recording rules and alerts for Prometheus.')
    .description('Make recording rules and alerts for Prometheus, and burn-rate alerts for the objectives of an application of yours.');
  addGenerationOptions(command, { what: 'write a file for each subject there (default: print all as one file)' }).addOption(jobOption());
  addRuleOptions(command).action(async (flags: RulesFlags) => (await import('./make-rules.js')).makeRules(context, flags));
  return teach(command, {
    examples: [
      { line: 'tsukimi rules > tsukimi.yml', what: "one file, for rule_files in Prometheus's configuration" },
      { line: 'tsukimi rules --from 127.0.0.1:8000 -o prometheus/rules', what: 'with the objectives of your @Slo decorators' },
      { line: 'tsukimi rules --threshold httpP95Seconds=0.5 --without ScheduledTaskStopped', what: 'with limits of your own' },
      { line: 'tsukimi rules --from scrape.txt -o prometheus/rules --check', what: 'in CI: exit code 1 where they are stale' },
    ],
    readOn: ['docs/guides/alerts-and-slos.md', 'docs/reference/command-line.md'],
  });
}

function jobOption(): Option {
  return new Option('--job <name>', 'a job of Prometheus that the rules are for; may be given several times')
    .default([], 'every job')
    .argParser((name: string, names: readonly string[]) => {
      if (name.trim() === '') throw new InvalidArgumentError('Give the job_name of the scrape configuration.');
      return [...names, name];
    });
}
