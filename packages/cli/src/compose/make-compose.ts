/** Implements `tsukimi compose`. */
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { CommandContext } from '../command-context.js';
import { openProject } from '../doctor/project/project.js';
import { projectMissing } from '../errors.js';
import { refuseDropping } from '../generate/dropped.js';
import { familiesFrom } from '../generate/families.js';
import { obsoleteRuleFiles, warnOfBuckets } from '../generate/monitoring-files.js';
import { checkFlags, type GenerationFlags } from '../generate/options.js';
import type { RuleFlags } from '../generate/rule-options.js';
import { ruleSettings } from '../generate/rule-settings.js';
import type { GeneratedFile } from '../output/generated-file.js';
import { outputFiles } from '../output/output-files.js';
import { templateText } from '../templates/read-template.js';
import { readApplicationSettings } from './application-settings.js';
import { dockerFiles, RULES_FOLDER } from './docker-files.js';
import { containerFindings, containerProgram, whatIsLeft } from './project-container.js';

const NO_APPLICATION =
  'it contains no application to run in a container. Run the command in the folder of the application, pass that folder with -o, or create a project with: tsukimi init';

/** The options, as parsed by commander; the folder has a default. */
export interface ComposeFlags extends GenerationFlags, RuleFlags {
  readonly output: string;
}

export async function makeCompose(context: CommandContext, flags: ComposeFlags): Promise<void> {
  checkFlags('compose', flags);
  const folder = resolve(context.workingDirectory, flags.output);
  if (!(await isFile(join(folder, 'package.json'))) && !(await isFile(folder))) throw projectMissing(folder, NO_APPLICATION);
  const settings = await readApplicationSettings(folder);
  const { jobs: _, ...chosen } = await ruleSettings(context, flags, []);
  const families = await familiesFrom(context, flags.from);
  // A running application shows its names by what it exposes.
  const naming = flags.from === undefined ? settings.naming : undefined;
  const rules = { ...chosen, ...(naming && { naming }) };
  const made = dockerFiles({
    ...settings,
    naming,
    families,
    program: await containerProgram(folder),
    rules,
  });
  warnOfBuckets(context, { ...rules, families });
  const files = [...made, productionProfile(settings.allowedIps)];
  const obsolete = obsoleteRuleFiles(made.map((file) => ({ ...file, path: file.path.replace(`${RULES_FOLDER}/`, '') })));
  const written = { files, obsolete: obsolete.map((name) => `${RULES_FOLDER}/${name}`) };
  await refuseDropping(folder, written, flags);
  await outputFiles(context, { folder, ...written, existing: 'update', force: flags.force === true, check: flags.check === true });
  if (flags.check !== true) context.output.write(whatIsLeft(await containerFindings(await openProject(folder))));
}

async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

const NETWORKS = ['127.0.0.1', '::1', '172.16.0.0/12', '192.168.0.0/16'];

/** The file is a starting point, and an existing one is kept. It allows the clients that the configuration allows, and the networks of containers. */
function productionProfile(allowedIps: readonly string[]): GeneratedFile {
  const all = [...new Set([...NETWORKS, ...allowedIps])].map((address) => (address.startsWith(':') ? JSON.stringify(address) : address));
  const text = templateText('project/application-production.yml').replace(/^( *allowed_ips:).*$/m, `$1 [${all.join(', ')}]`);
  return { path: 'application-production.yml', text, kind: 'starter' };
}
