/** Checks of how Node.js runs the project: its version, and the kind of modules. */
import { minVersion, satisfies } from 'semver';
import { lineAt, lineOf } from '../files.js';
import type { Check, Finding } from '../finding.js';
import type { Project } from '../project/project.js';

/** The same range as in the package.json of all our packages. */
const NEEDED = '>=20.19.0';
const FIX = 'Use Node.js 20.19 or later';

/** A Node.js that is older than Tsukimi needs: the one that runs now, or one that the project says it runs on. */
export const nodeVersion: Check = {
  code: 'node-version',
  about: 'Node.js is new enough, on this machine and where the project runs',
  find: async (project) => [
    ...runningVersion(),
    ...declaredRange(project),
    ...(await dockerImage(project)),
    ...(await versionFiles(project)),
  ],
};

function runningVersion(): readonly Finding[] {
  if (satisfies(process.version, NEEDED)) return [];
  const what = `This is Node.js ${process.version}; Tsukimi needs ${NEEDED}.`;
  return [{ level: 'error', where: { file: 'package.json' }, what, fix: `${FIX}.` }];
}

function declaredRange({ packageJson, packageText }: Project): readonly Finding[] {
  const { nodeRange } = packageJson;
  if (nodeRange === undefined || !isTooLow(nodeRange)) return [];
  const where = { file: 'package.json', line: lineOf(packageText, /"node"\s*:/) };
  const what = `engines.node is ${JSON.stringify(nodeRange)}, which allows versions that Tsukimi does not start on.`;
  return [{ level: 'warning', where, what, fix: `Set it to "${NEEDED}".` }];
}

async function dockerImage(project: Project): Promise<readonly Finding[]> {
  const text = (await project.text('Dockerfile')) ?? '';
  return [...text.matchAll(/^FROM\s+(?:--\S+\s+)?(?:\S+\/)?node:(\d+(?:\.\d+)*)/gim)]
    .filter(([, version = '']) => isTooLow(version))
    .map(({ 1: version, index }) => ({
      level: 'error',
      where: { file: 'Dockerfile', line: lineAt(text, index) },
      what: `The image has Node.js ${version}, which Tsukimi does not start on.`,
      fix: `${FIX}, for example: FROM node:20.19-bookworm-slim`,
    }));
}

async function versionFiles(project: Project): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  for (const file of ['.nvmrc', '.node-version']) {
    const version = (await project.text(file))?.trim().replace(/^v/, '') ?? '';
    if (!/^\d/.test(version) || !isTooLow(version)) continue;
    found.push({ level: 'error', where: { file, line: 1 }, what: `Node.js ${version} is too old for Tsukimi.`, fix: `${FIX}.` });
  }
  return found;
}

/** `20` means the newest 20; `>=18` begins with 18. */
function isTooLow(range: string): boolean {
  if (/^\d+$/.test(range)) return Number(range) < 20;
  if (/^\d+\.\d+$/.test(range)) return !satisfies(`${range}.0`, NEEDED);
  try {
    const least = minVersion(range);
    return least !== null && !satisfies(least, NEEDED) && !isNewestOfMajor(range);
  } catch {
    return false;
  }
}

// Package managers and images use the newest 20 for ^20 and 20.x.
function isNewestOfMajor(range: string): boolean {
  return /^(\^|~)?\d+(\.x)*$/.test(range) && Number(/\d+/.exec(range)?.[0]) >= 20;
}

/** A package that Node.js takes for CommonJS: Tsukimi has ES modules only. */
export const moduleType: Check = {
  code: 'module-type',
  about: '"type": "module" in package.json',
  find: ({ packageJson, packageText }) => {
    if (packageJson.type === 'module') return [];
    const said = packageJson.type === undefined ? 'package.json has no "type"' : `"type" is ${JSON.stringify(packageJson.type)}`;
    return [
      {
        level: 'error',
        where: { file: 'package.json', line: lineOf(packageText, /"type"\s*:/) ?? 1 },
        what: `${said}, so its files are compiled to CommonJS, where "await runApplication(...)" at the top of a file does not work.`,
        fix: 'Write "type": "module".',
      },
    ];
  },
};
