/** What can be chosen of the rules, on the command line and in a file. */
import { type Command, InvalidArgumentError, Option } from 'commander';

/** As commander gives them. */
export interface RuleFlags {
  readonly without: readonly string[];
  readonly threshold: readonly (readonly [name: string, value: number])[];
  readonly runbook?: string;
  readonly settings?: string;
}

/** Adds them to a command that makes rules. */
export function addRuleOptions(command: Command): Command {
  return command
    .addOption(
      severalTimes('--without <alert>', 'an alert to leave out; may be given several times', (name: string) => name).default([], 'none'),
    )
    .addOption(
      severalTimes('--threshold <name=number>', 'what an alert compares with; may be given several times', parseThreshold).default(
        [],
        'none',
      ),
    )
    .option('--runbook <url>', 'the page that alerts link to, with a section for each (default: the guide)')
    .option('--settings <file>', 'jobs, without, thresholds and runbook from a YAML or JSON file');
}

/** An option whose values are collected. */
export function severalTimes<T>(flags: string, description: string, parse: (text: string) => T): Option {
  return new Option(flags, description).argParser((text: string, before: readonly T[]) => [...before, parse(text)]);
}

function parseThreshold(text: string): [string, number] {
  const [, name, number] = /^\s*(\w+)\s*=\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*$/i.exec(text) ?? [];
  if (name === undefined) throw new InvalidArgumentError('Give a name and a number, such as httpP95Seconds=0.5.');
  return [name, Number(number)];
}
