/** Checks the compiler flags in tsconfig.json that the container needs to know the parameters of constructors. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createFilesMatcher, parseTsconfig, type TsConfigJsonResolved } from 'get-tsconfig';
import { lineOf, readText } from '../files.js';
import type { Check, Finding, Place } from '../finding.js';
import type { Project } from '../project/project.js';
import { componentsOf } from '../source/components.js';

const FLAGS = {
  experimentalDecorators: 'decorators on parameters do not compile, and Tsukimi refuses the other decorators (TSK_ERR_DECORATOR_STANDARD)',
  emitDecoratorMetadata:
    'the compiler emits no types for constructors, and the application fails to start with TSK_ERR_COMPONENT_PARAMETER_TYPE',
} as const;

type Flag = keyof typeof FLAGS;

interface Tsconfig {
  readonly path: string;
  readonly config: TsConfigJsonResolved;
}

export const decoratorFlags: Check = {
  code: 'decorator-flags',
  about: 'the decorator flags in tsconfig.json',
  find: async (project) => {
    const decorated = [...new Set(componentsOf(project.sources).map(({ file }) => file.path))];
    if (decorated.length === 0) return [];
    const root = project.path('tsconfig.json');
    if (!existsSync(root)) return [noTsconfig()];
    try {
      const configs = tsconfigsFrom(root, new Set()).filter((tsconfig) => compilesAny(tsconfig, decorated));
      return (await Promise.all(configs.map((tsconfig) => flagsMissingIn(tsconfig, project)))).flat();
    } catch (error) {
      return [unreadable(error)];
    }
  },
};

/** A configuration and those that it references, with `extends` resolved. */
function tsconfigsFrom(path: string, seen: Set<string>): readonly Tsconfig[] {
  if (seen.has(path)) return [];
  seen.add(path);
  const config = parseTsconfig(path);
  const referenced = (config.references ?? []).map((reference) => resolve(dirname(path), reference.path));
  const files = referenced.map((each) => (each.endsWith('.json') ? each : join(each, 'tsconfig.json')));
  return [{ path, config }, ...files.filter((each) => existsSync(each)).flatMap((each) => tsconfigsFrom(each, seen))];
}

function compilesAny(tsconfig: Tsconfig, files: readonly string[]): boolean {
  const matches = createFilesMatcher(tsconfig);
  return files.some((file) => matches(file) !== undefined);
}

async function flagsMissingIn({ path, config }: Tsconfig, project: Project): Promise<readonly Finding[]> {
  const missing = (Object.keys(FLAGS) as Flag[]).filter((flag) => config.compilerOptions?.[flag] !== true);
  const text = (await readText(path)) ?? '';
  return missing.map((flag) => ({
    level: 'error',
    where: placeOf(flag, { file: project.shown(path), text }),
    what: `compilerOptions.${flag} is not true: ${FLAGS[flag]}.`,
    fix: `Set "${flag}": true in compilerOptions.`,
  }));
}

function placeOf(flag: Flag, { file, text }: { readonly file: string; readonly text: string }): Place {
  return { file, line: lineOf(text, `"${flag}"`) ?? lineOf(text, '"compilerOptions"') ?? 1 };
}

function noTsconfig(): Finding {
  return {
    level: 'error',
    where: { file: 'tsconfig.json' },
    what: 'There is no tsconfig.json, so the compiler does not emit the types of constructor parameters.',
    fix: 'Create one with "experimentalDecorators": true and "emitDecoratorMetadata": true in compilerOptions.',
  };
}

function unreadable(error: unknown): Finding {
  const reason = error instanceof Error ? error.message : String(error);
  return {
    level: 'error',
    where: { file: 'tsconfig.json', line: 1 },
    what: `tsconfig.json, or a file that it extends or references, cannot be read: ${reason}`,
    fix: 'Run tsc to see where the mistake is, and correct it.',
  };
}
