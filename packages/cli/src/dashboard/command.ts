/** `tsukimi dashboard`: the Grafana dashboard, as JSON. */
import { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import { addGenerationOptions, histogramsOption, namingOption } from '../generate/options.js';
import { teach } from '../teaching-help.js';
import type { DashboardFlags } from './make-dashboard.js';

/** Creates the command. */
export function dashboardCommand(context: CommandContext): Command {
  const command = new Command('dashboard')
    .summary('Generate the Grafana dashboard.')
    .description(
      "Generate the Grafana dashboard for all metrics of Tsukimi's catalogue and, with --from, for your application's own metrics.",
    );
  addGenerationOptions(command, { what: 'write a file to this folder (default: print the JSON)' })
    .option('--title <text>', 'title in Grafana (default: Tsukimi)')
    .option('--uid <id>', 'identifier in the address in Grafana, and name of the file (default: tsukimi)')
    .addOption(histogramsOption())
    .addOption(namingOption())
    .action(async (flags: DashboardFlags) => (await import('./make-dashboard.js')).makeDashboard(context, flags));
  return teach(command, {
    examples: [
      { line: 'tsukimi dashboard > tsukimi.json', what: 'to import it in Grafana: Dashboards, New, Import' },
      { line: 'tsukimi dashboard --from 127.0.0.1:8000 -o grafana/dashboards', what: 'include your own metrics' },
      { line: 'tsukimi dashboard --from scrape.txt -o grafana/dashboards --check', what: 'in CI: exit with code 1 if it is stale' },
    ],
    readOn: ['docs/guides/dashboards.md', 'docs/reference/command-line.md'],
  });
}
