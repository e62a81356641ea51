/** `tsukimi init`: a new project that starts. */
import { resolve } from 'node:path';
import { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import { emptyFolder } from '../output/errors.js';
import { outputFiles } from '../output/output-files.js';
import { teach } from '../teaching-help.js';
import { invalidName, nameMissing } from './errors.js';
import { problemOfName, unscopedName } from './project-name.js';
import { DEFAULT_PORT, type ProjectOptions, parsePort } from './project-options.js';
import { askForOptions, canAsk, type GivenOptions } from './questions.js';

interface Flags {
  readonly directory?: string;
  readonly port?: number;
  readonly docker?: boolean;
  readonly yes?: boolean;
  readonly force?: boolean;
}

/** Makes the command; it asks at a terminal for what no flag says. */
export function initCommand(context: CommandContext): Command {
  const command = new Command('init')
    .summary('Create a new project, ready to start.')
    .description(
      'Create a new project, ready to start: a controller, a service, a repository, a scheduled task, their tests and their metrics.',
    )
    .argument('[name]', 'name of the project; must be a valid npm package name')
    .option('-d, --directory <path>', 'folder of the project (default: the name)')
    .option('-p, --port <number>', `port that the application listens on (default: ${DEFAULT_PORT})`, parsePort)
    .option('--docker', 'add a Dockerfile, Prometheus and Grafana (default)')
    .option('--no-docker', 'do not add them')
    .option('-y, --yes', 'do not ask; use the defaults of all options that are not set')
    .option('-f, --force', 'overwrite existing files that the project needs; leave other files alone')
    .action((name: string | undefined, flags: Flags) => init(context, name, flags));
  return teach(command, {
    examples: [
      { line: 'tsukimi init', what: 'ask for the options, then create the project' },
      { line: 'tsukimi init shop --yes', what: 'do not ask: folder shop, port 8000, with Docker' },
      { line: 'tsukimi init @moon/shop -d . -p 8080 --no-docker', what: 'in the current folder' },
    ],
    readOn: ['docs/guides/new-project.md'],
  });
}

async function init(context: CommandContext, name: string | undefined, flags: Flags): Promise<void> {
  const given = { name, directory: flags.directory, port: flags.port, docker: flags.docker };
  check(given);
  const options = canAsk(context) && flags.yes !== true ? await askForOptions(context, given) : withDefaults(given);
  const folder = resolve(context.workingDirectory, options.directory);
  const { projectFiles } = await import('./project-files.js');
  await outputFiles(context, { folder, files: projectFiles(options), existing: 'refuse', force: flags.force === true });
  context.output.write(nextSteps(context, options));
}

// Before the first prompt, so that an invalid name is reported at once.
function check({ name, directory }: GivenOptions): void {
  const problem = name === undefined ? undefined : problemOfName(name);
  if (name !== undefined && problem !== undefined) throw invalidName(name, problem);
  if (directory?.trim() === '') throw emptyFolder('--directory', 'Pass the folder of the project, such as --directory shop.');
}

function withDefaults({ name, directory, port = DEFAULT_PORT, docker = true }: GivenOptions): ProjectOptions {
  if (name === undefined) throw nameMissing();
  return { name, directory: directory ?? unscopedName(name), port, docker };
}

function nextSteps({ workingDirectory }: CommandContext, { directory }: ProjectOptions): string {
  const enter = resolve(workingDirectory, directory) === resolve(workingDirectory) ? [] : [`cd ${shellQuoted(directory)}`];
  return ['', 'Next:', ...[...enter, 'npm install', 'npm test', 'npm start'].map((line) => `  ${line}`), ''].join('\n');
}

function shellQuoted(path: string): string {
  return /^[\w./~@+-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
