/** Reads application.yml and its profiles like a start, and finds invalid values and unknown keys. */
import { documentationPage } from '../../own-package.js';
import { profilesOf, readConfiguration } from '../configuration.js';
import type { Check, Finding } from '../finding.js';
import { programOf } from '../project/program.js';
import type { Project } from '../project/project.js';
import { placeOfKey } from '../yaml-place.js';

const REFERENCE = `${documentationPage('docs/reference/configuration.md')} lists all keys`;

export const configuration: Check = {
  code: 'configuration',
  about: 'application.yml and its profiles have known keys with allowed values',
  find: async (project) => {
    const found: Finding[] = [...(await missingFile(project))];
    for (const profile of [undefined, ...(await profilesOf(project))]) found.push(...(await findingsOf(project, profile)));
    return found;
  },
};

/** Without the file, a start fails with TSK_ERR_CONFIGURATION_MISSING, unless the sources name another file or pass the configuration. */
async function missingFile(project: Project): Promise<readonly Finding[]> {
  const { source } = programOf(project);
  if (source === undefined || (await project.text('application.yml')) !== undefined) return [];
  const given = project.sources.files.flatMap(({ configuration }) => configuration ?? []);
  if (given.length > 0 && !given.some((each) => each.includes('application.yml'))) return [];
  const what = `There is no application.yml, but ${source} starts an application that reads it: the application fails to start.`;
  return [{ level: 'error', where: { file: 'application.yml' }, what, fix: `Create the file; it can be empty. ${REFERENCE}.` }];
}

async function findingsOf(project: Project, profile: string | undefined): Promise<readonly Finding[]> {
  const read = await readConfiguration(project, { profile, environment: {} });
  if (read === undefined) return [];
  if ('refusal' in read) return [await findingOf(project, 'error', { message: read.refusal, profile })];
  return await Promise.all(read.warnings.map((message) => findingOf(project, 'warning', { message, profile })));
}

async function findingOf(
  project: Project,
  level: Finding['level'],
  { message, profile }: { readonly message: string; readonly profile: string | undefined },
): Promise<Finding> {
  const base = 'application.yml';
  const [, file = profile === undefined ? base : `application-${profile}.yml`] = /(application(?:-[\w.-]+)?\.yml)/.exec(message) ?? [];
  const [, line] = /, line (\d+), column \d+/.exec(message) ?? /\.yml:(\d+)\)/.exec(message) ?? [];
  const [key = ''] = /[a-z]\w*(?:\.\w+)+|^\w+/.exec(message.replace(/^.*?: (?=\w+\.\w+:)/, '')) ?? [];
  const where = line === undefined ? await placeOfKey(project, file, key) : { file, line: Number(line) };
  const fix =
    level === 'error'
      ? `The application does not start with this value. Correct it; ${REFERENCE}.`
      : `Nothing reads this key. Correct or remove it; ${REFERENCE}.`;
  return { level, where, what: message, fix };
}
