/** The packages of this workspace as a registry would give them, and a shell to install them with. */
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectPath } from './project.js';

const run = promisify(execFile);

/** Packs packages, by the names of their folders, and gives the paths of the tarballs. */
export async function packTarballs(packages: readonly string[], destination: string): Promise<string[]> {
  const workspaces = packages.map((name) => `--workspace=packages/${name}`);
  await run('npm', ['pack', ...workspaces, '--pack-destination', destination], { cwd: projectPath('') });
  return (await readdir(destination)).filter((name) => name.endsWith('.tgz')).map((name) => join(destination, name));
}

/** Runs a line of shell, and gives what it wrote; one that fails is an error with its output. */
export async function shell(command: string, cwd: string): Promise<string> {
  const env = {
    ...process.env,
    NODE_OPTIONS: '',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
  };
  const { stdout } = await run('bash', ['-o', 'pipefail', '-c', command], { cwd, env });
  return stdout;
}
