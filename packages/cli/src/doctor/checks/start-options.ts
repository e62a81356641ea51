/** Finds unknown options of `@Application`, `runApplication` and `createApplication`, also where a cast hides them from the compiler. */
import { nearest } from '@tsukimi/core';
import type { Check } from '../finding.js';
import { componentsOf, tsukimiName } from '../source/components.js';
import type { Options, SourceFile } from '../source/source-file.js';
import { startsIn } from '../source/starts.js';

const COMMON = ['configuration', 'profile', 'environment', 'extensions', 'logger', 'server'];

/** What each of them takes. */
export const START_OPTIONS: Readonly<Record<'@Application' | 'runApplication' | 'createApplication', readonly string[]>> = {
  '@Application': ['name', 'components', 'scan', 'extensions'],
  runApplication: COMMON,
  createApplication: [...COMMON, 'replace'],
};

export const startOptions: Check = {
  code: 'start-options',
  about: '@Application, runApplication and createApplication have known options',
  find: ({ sources, shown }) => {
    const given = [
      ...componentsOf(sources).flatMap(({ file, component }) =>
        component.decorators
          .filter((decorator) => tsukimiName(file, decorator) === 'Application')
          .map(({ options }) => ({ file, to: '@Application' as const, options })),
      ),
      ...sources.files.flatMap((file) => startsIn(file, sources).map(({ by, call: { options } }) => ({ file, to: by, options }))),
    ];
    return given.flatMap((each) =>
      unknownOptions(each).map((finding) => ({ ...finding, where: { file: shown(each.file.path), line: finding.line } })),
    );
  },
};

interface Given {
  readonly file: SourceFile;
  readonly to: keyof typeof START_OPTIONS;
  readonly options: Options | undefined;
}

function unknownOptions({ to, options }: Given) {
  const known = START_OPTIONS[to];
  return [...(options ?? [])]
    .filter(([key, { text }]) => !known.includes(key) && text !== 'undefined')
    .map(([key, { line }]) => {
      const similar = nearest(key, known);
      return {
        level: 'error' as const,
        line,
        what: `${to} has no option ${key}: the application fails to start.`,
        fix: similar === undefined ? `Remove it, or use one of ${known.join(', ')}.` : `Write ${similar}, or remove it.`,
      };
    });
}
