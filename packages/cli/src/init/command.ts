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
    .summary('Make a new project that starts.')
    .description('Make a new project that starts: a controller, a service, a repository, a scheduled task, their tests and their metrics.')
    .argument('[name]', 'what the project is called, as npm takes it')
    .option('-d, --directory <path>', 'the folder it is in (default: the name)')
    .option('-p, --port <number>', `the port it listens on (default: ${DEFAULT_PORT})`, parsePort)
    .option('--docker', 'with a Dockerfile, and Prometheus and Grafana beside it (default)')
    .option('--no-docker', 'without them')
    .option('-y, --yes', 'ask nothing: the defaults for what no flag says')
    .option('-f, --force', 'overwrite files that are in the way; others in the folder are left alone')
    .action((name: string | undefined, flags: Flags) => init(context, name, flags));
  return teach(command, {
    examples: [
      { line: 'tsukimi init', what: 'asks, then makes it' },
      { line: 'tsukimi init shop --yes', what: 'asks nothing: the folder shop, port 8000, with Docker' },
      { line: 'tsukimi init @moon/shop -d . -p 8080 --no-docker', what: 'in this folder' },
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

// Before the first question: nobody wants to answer four and then hear that the name was wrong.
function check({ name, directory }: GivenOptions): void {
  const problem = name === undefined ? undefined : problemOfName(name);
  if (name !== undefined && problem !== undefined) throw invalidName(name, problem);
  if (directory?.trim() === '') throw emptyFolder('--directory', 'Give the folder that the project is to be in, such as --directory shop.');
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
