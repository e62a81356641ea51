/** Finds scripts that run the sources with a tool that emits no decorator metadata, if constructors need it. */
import { minVersion } from 'semver';
import { lineOf } from '../files.js';
import type { Check, Finding } from '../finding.js';
import { installedPackages } from '../project/installed.js';
import type { Project } from '../project/project.js';
import { parametersByType } from '../source/components.js';

interface Tool {
  readonly name: string;
  /** Matches a call of the tool in a script. */
  readonly called: RegExp;
  /** The configuration file that can enable metadata; undefined if there is none. */
  readonly configuration?: RegExp;
  /** Whether the tool reads the flags from tsconfig.json, as Vite 8 and newer (Oxc) do. */
  readonly readsTsconfig?: true;
  readonly fix: string;
}

const COMPILE_FIRST = 'Compile with tsc and run what it emits (tsc -b && node dist/main.js)';
const VITE_FIX = 'Set oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } } in its configuration';

const TOOLS: readonly Tool[] = [
  { name: 'tsx', called: /(^|[\s/])tsx(\s|$|\/)/, fix: COMPILE_FIRST },
  { name: 'esbuild', called: /(^|[\s/])esbuild(\s|$)/, fix: COMPILE_FIRST },
  { name: 'tsup', called: /(^|[\s/])tsup(\s|$)/, fix: COMPILE_FIRST },
  { name: 'node with type stripping', called: /(^|\s)node\s(?:[^&|;]*\s)?[\w./-]+\.[cm]?ts(\s|$)/, fix: COMPILE_FIRST },
  {
    name: 'vitest',
    called: /(^|[\s/])vitest(\s|$)/,
    configuration: /^(vite|vitest)\.config\.[cm]?[jt]s$/,
    readsTsconfig: true,
    fix: VITE_FIX,
  },
  {
    name: 'vite',
    called: /(^|[\s/])vite(-node)?(\s|$)/,
    configuration: /^vite\.config\.[cm]?[jt]s$/,
    readsTsconfig: true,
    fix: VITE_FIX,
  },
];

/** Matches Oxc's option, or the plugin of a compiler that emits metadata, in a configuration. */
const EMITS_METADATA = /emitDecoratorMetadata\s*:\s*true|unplugin-swc|plugin-swc|@rollup\/plugin-typescript/;

export const toolsWithoutMetadata: Check = {
  code: 'tools-without-metadata',
  about: 'no script runs the sources with a tool that emits no decorator metadata',
  find: async (project) => {
    const [parameter] = parametersByType(project.sources);
    if (parameter === undefined) return [];
    const example = `the constructor of ${parameter.component.name}`;
    const found = Object.entries(project.packageJson.scripts).map(async ([script, line]) => {
      // Report only one tool: in "node --import tsx main.ts", both match.
      const tool = TOOLS.find(({ called }) => called.test(line));
      if (tool === undefined || (await emitsMetadata(tool, project))) return [];
      return [findingOf(tool, { script, example, text: project.packageText })];
    });
    return (await Promise.all(found)).flat();
  },
};

function findingOf({ name, fix }: Tool, { script, example, text }: { script: string; example: string; text: string }): Finding {
  return {
    level: 'error',
    where: { file: 'package.json', line: lineOf(text, new RegExp(`"${script.replace(/[^\w]/g, '\\$&')}"\\s*:`)) },
    what: `The script ${script} uses ${name}, which emits no decorator metadata, but ${example} has a parameter without @Inject.`,
    fix: `${fix}, or put @Inject(Token) on every constructor parameter.`,
  };
}

async function emitsMetadata({ configuration, readsTsconfig }: Tool, project: Project): Promise<boolean> {
  if (configuration === undefined) return false;
  if (readsTsconfig && (await hasOxc(project))) return true;
  const names = (await project.fileNames()).filter((name) => configuration.test(name));
  const texts = await Promise.all(names.map((name) => project.text(name)));
  return texts.some((text) => EMITS_METADATA.test(text ?? ''));
}

/** Since Vite 8, Oxc compiles and reads the decorator flags from tsconfig.json, which another check covers. */
async function hasOxc(project: Project): Promise<boolean> {
  const { devDependencies, dependencies } = project.packageJson;
  const installed = (await installedPackages(project)).find(({ name }) => name === 'vite')?.version;
  const version = minVersion(installed ?? { ...devDependencies, ...dependencies }['vite'] ?? '0.0.0');
  return version !== null && version.major >= 8;
}
