/** application.yml and its profiles, read as a start reads them: values that are not allowed, keys that nobody knows. */
import { profilesOf, readConfiguration } from '../configuration.js';
import type { Check, Finding } from '../finding.js';
import type { Project } from '../project/project.js';
import { placeOfKey } from '../yaml-place.js';

const REFERENCE = 'docs/reference/configuration.md has every key';

export const configuration: Check = {
  code: 'configuration',
  about: 'application.yml and its profiles have known keys with allowed values',
  find: async (project) => {
    const found: Finding[] = [];
    for (const profile of [undefined, ...(await profilesOf(project))]) found.push(...(await findingsOf(project, profile)));
    return found;
  },
};

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
  const [, line] = /, line (\d+), column \d+/.exec(message) ?? [];
  const [key = ''] = /[a-z]\w*(?:\.\w+)+|^\w+/.exec(message.replace(/^.*?: (?=\w+\.\w+:)/, '')) ?? [];
  const where = line === undefined ? await placeOfKey(project, file, key) : { file, line: Number(line) };
  const mend =
    level === 'error'
      ? `The application does not start so. Correct it; ${REFERENCE}.`
      : `Nothing reads it. Correct it, or take it out; ${REFERENCE}.`;
  return { level, where, what: message, mend };
}
