/** The options of the rules on the command line. */
import { type Command, InvalidArgumentError, Option } from 'commander';

/** The options, as parsed by commander. */
export interface RuleFlags {
  readonly without: readonly string[];
  readonly threshold: readonly (readonly [name: string, value: number])[];
  readonly runbook?: string;
  readonly settings?: string;
}

/** Adds the options to a command. */
export function addRuleOptions(command: Command): Command {
  return command
    .addOption(severalTimes('--without <alert>', 'alert to leave out; can be repeated', (name: string) => name).default([], 'none'))
    .addOption(severalTimes('--threshold <name=number>', 'threshold of an alert; can be repeated', parseThreshold).default([], 'none'))
    .option('--runbook <url>', 'page that alerts link to, with a section for each alert (default: the guide)')
    .option('--settings <file>', 'YAML or JSON file with jobs, without, thresholds and runbook');
}

/** An option whose values are collected. */
export function severalTimes<T>(flags: string, description: string, parse: (text: string) => T): Option {
  return new Option(flags, description).argParser((text: string, before: readonly T[]) => [...before, parse(text)]);
}

function parseThreshold(text: string): [string, number] {
  const [, name, number] = /^\s*(\w+)\s*=\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*$/i.exec(text) ?? [];
  if (name === undefined) throw new InvalidArgumentError('Pass a name and a number, such as httpP95Seconds=0.5.');
  return [name, Number(number)];
}
