/** `tsukimi dashboard`: the Grafana dashboard, as JSON. */
import { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import { addGenerationOptions } from '../generate/options.js';
import { teach } from '../teaching-help.js';
import type { DashboardFlags } from './make-dashboard.js';

/** Makes the command. */
export function dashboardCommand(context: CommandContext): Command {
  const command = new Command('dashboard')
    .summary('Make the Grafana dashboard.')
    .description("Make the Grafana dashboard: every metric of Tsukimi's catalogue, and those of an application of yours.");
  addGenerationOptions(command, { what: 'write it to a file there (default: print it)' })
    .option('--title <text>', 'what it is called in Grafana (default: Tsukimi)')
    .option('--uid <id>', 'what its address in Grafana has, and its file is called (default: tsukimi)')
    .action(async (flags: DashboardFlags) => (await import('./make-dashboard.js')).makeDashboard(context, flags));
  return teach(command, {
    examples: [
      { line: 'tsukimi dashboard > tsukimi.json', what: 'to import by hand: Dashboards, New, Import' },
      { line: 'tsukimi dashboard --from 127.0.0.1:8000 -o grafana/dashboards', what: 'with the metrics of your own' },
      { line: 'tsukimi dashboard --from scrape.txt -o grafana/dashboards --check', what: 'in CI: exit code 1 where it is stale' },
    ],
    readOn: ['docs/guides/dashboards.md', 'docs/reference/command-line.md'],
  });
}
