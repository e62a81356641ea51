/** `tsukimi compose`: the application in a container, beside Prometheus and Grafana. */
import { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import { addGenerationOptions } from '../generate/options.js';
import { addRuleOptions } from '../generate/rule-options.js';
import { teach } from '../teaching-help.js';
import type { ComposeFlags } from './make-compose.js';

/** Creates the command. */
export function composeCommand(context: CommandContext): Command {
  const command = new Command('compose')
    .summary('Generate a docker-compose.yml with the application, Prometheus and Grafana.')
    .description(
      'Generate a docker-compose.yml with the application, Prometheus and Grafana, including the dashboard and the rules. The name, the port and the path of the metrics are read from application.yml and its profile production. How to build and start the application is read from package.json, tsconfig.json and the file that calls runApplication.',
    );
  addGenerationOptions(command, { what: 'the folder of the application', defaultFolder: '.' });
  addRuleOptions(command).action(async (flags: ComposeFlags) => (await import('./make-compose.js')).makeCompose(context, flags));
  return teach(command, {
    examples: [
      { line: 'tsukimi compose', what: 'for the application in the current folder' },
      { line: 'tsukimi compose --from 127.0.0.1:8000', what: 'include its own metrics in the dashboard and the rules' },
      { line: 'tsukimi compose --from scrape.txt --check', what: 'in CI: exit with code 1 if a file is stale' },
    ],
    readOn: ['docs/guides/prometheus-and-grafana.md', 'docs/reference/command-line.md'],
  });
}
