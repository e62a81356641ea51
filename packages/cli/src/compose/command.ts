/** `tsukimi compose`: the application in a container, beside Prometheus and Grafana. */
import { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import { addGenerationOptions } from '../generate/options.js';
import { addRuleOptions } from '../generate/rule-options.js';
import { teach } from '../teaching-help.js';
import type { ComposeFlags } from './make-compose.js';

/** Makes the command. */
export function composeCommand(context: CommandContext): Command {
  const command = new Command('compose')
    .summary('Make a docker-compose.yml with the application, Prometheus and Grafana.')
    .description(
      'Make a docker-compose.yml with the application, Prometheus and Grafana, with dashboard and rules. Name, port and path of the metrics come from application.yml there, as the profile production has them; how it is built and started from package.json, tsconfig.json and the file that calls runApplication.',
    );
  addGenerationOptions(command, { what: 'the folder of the application', defaultFolder: '.' });
  addRuleOptions(command).action(async (flags: ComposeFlags) => (await import('./make-compose.js')).makeCompose(context, flags));
  return teach(command, {
    examples: [
      { line: 'tsukimi compose', what: 'for the application in this folder' },
      { line: 'tsukimi compose --from 127.0.0.1:8000', what: 'with its own metrics in dashboard and rules' },
      { line: 'tsukimi compose --from scrape.txt --check', what: 'in CI: exit code 1 where a file is stale' },
    ],
    readOn: ['docs/guides/prometheus-and-grafana.md', 'docs/reference/command-line.md'],
  });
}
