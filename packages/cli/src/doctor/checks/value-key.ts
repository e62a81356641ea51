/** Finds keys of `@Value` that have no default and are in no configuration file. */
import { profilesOf, readConfiguration } from '../configuration.js';
import type { Check } from '../finding.js';
import { componentsOf, tsukimiName } from '../source/components.js';

export const valueKey: Check = {
  code: 'value-key',
  about: 'the configuration has every key of a @Value without a default',
  find: async (project) => {
    const profiles = [undefined, ...(await profilesOf(project))];
    const read = await Promise.all(profiles.map((profile) => readConfiguration(project, { profile, environment: {} })));
    const known = read.flatMap((each) => (each !== undefined && 'exposure' in each ? [each.exposure] : []));
    // If the configuration can't be read, another check reports it.
    if (known.length < profiles.length) return [];
    return componentsOf(project.sources).flatMap(({ file, component }) =>
      (component.parameters ?? []).flatMap((parameter) =>
        parameter.decorators
          .filter((decorator) => tsukimiName(file, decorator) === 'Value')
          .flatMap(({ text = '' }) => keysWithoutDefault(text))
          .filter((key) => !known.some(({ has }) => has(key)))
          .map((key) => ({
            level: 'error' as const,
            where: { file: project.shown(file.path), line: parameter.line },
            what: `The parameter ${parameter.name} of ${component.name} takes the value of ${key}, but no configuration file has this key: the application starts only if ${variableOf(key)} is set.`,
            fix: `Set ${key} in application.yml, or add a default: \${${key}:...}`,
          })),
      ),
    );
  },
};

/** Of `http://${host}:${port:80}` host; keys inside a default are only used if the key before it is missing. */
function keysWithoutDefault(text: string): string[] {
  const keys: string[] = [];
  let depth = 0;
  for (const [token, key, end] of text.matchAll(/\$\{([^:}{$]*)([:}])|\}/g)) {
    if (key === undefined) depth -= 1;
    else if (end === ':') depth += 1;
    else if (depth === 0) keys.push(key.trim());
    if (token === '}' && depth < 0) depth = 0;
  }
  return keys;
}

function variableOf(key: string): string {
  return `TSUKIMI_${key.replace(/[.-]/g, '_').toUpperCase()}`;
}
