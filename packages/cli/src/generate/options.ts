/** The options that dashboard, rules and compose have in common. */
import type { DashboardNaming, HistogramKind } from '@tsukimi/dashboards';
import { type Command, Option } from 'commander';
import { emptyFolder, optionNeedsOutput } from '../output/errors.js';

/** The options, as parsed by commander. */
export interface GenerationFlags {
  readonly from?: string;
  readonly output?: string;
  readonly check?: boolean;
  readonly force?: boolean;
}

/** Adds the options; `output` is the description of `-o` and its default. */
export function addGenerationOptions(command: Command, output: { readonly what: string; readonly defaultFolder?: string }): Command {
  return command
    .option(
      '--from <url|file>',
      'address of a running application, or file with a saved scrape, whose own metrics and objectives are added (default: the catalogue only)',
    )
    .option('-o, --output <folder>', output.what, output.defaultFolder)
    .option('--check', 'write nothing; exit with code 1 if a file is missing or stale')
    .option('-f, --force', 'overwrite files that this command did not generate, and drop the panels and alerts of an application');
}

/** What is asked of histograms, as parsed by commander. */
export interface HistogramFlags {
  readonly histograms: HistogramKind;
}

/** The option that says which histograms queries ask for. */
export function histogramsOption(): Option {
  const what =
    'what queries ask histograms for: classic for servers without native histograms, such as VictoriaMetrics and Prometheus before 2.40';
  return new Option('--histograms <kind>', what).choices(['classic', 'native', 'both'] satisfies HistogramKind[]).default('both');
}

/** Which names of requests are asked for, as parsed by commander. */
export interface NamingFlags {
  readonly naming?: DashboardNaming;
}

/** The option that says under which names the application records requests. */
export function namingOption(): Option {
  const what =
    "names of requests that queries ask for, the application's metrics.naming; with both, either (default: those that --from exposes, else tsukimi)";
  return new Option('--naming <naming>', what).choices(['tsukimi', 'otel'] satisfies DashboardNaming[]);
}

/** @throws UsageError if the options can't be combined */
export function checkFlags(command: string, { output, check, force }: GenerationFlags): void {
  if (output?.trim() === '') throw emptyFolder('--output', `Name the folder to write to, such as tsukimi ${command} -o .`);
  if (output === undefined && check) throw optionNeedsOutput('--check', command);
  if (output === undefined && force) throw optionNeedsOutput('--force', command);
}
