/** Finds several copies of packages whose state the whole program must share. */
import { gte, valid } from 'semver';
import { lineOf } from '../files.js';
import type { Check, Finding } from '../finding.js';
import { type InstalledPackage, installedPackages } from '../project/installed.js';
import type { Project } from '../project/project.js';

interface SharedPackage {
  readonly level: Finding['level'];
  /** The consequence of two copies. */
  readonly why: string;
  /** Copies from this version on share their state, so they are only a warning. */
  readonly sharesFrom?: string;
}

const SHARED: Readonly<Record<string, SharedPackage>> = {
  'reflect-metadata': {
    level: 'error',
    // https://github.com/microsoft/reflect-metadata/releases: since 0.2.0, all copies share one registry.
    sharesFrom: '0.2.0',
    why: 'code that uses a function of the older copy does not see what decorators write with the newer one, so constructors get no parameters',
  },
  tsyringe: { level: 'error', why: 'what is registered with one copy is unknown to the other' },
  tsukimi: { level: 'error', why: 'components declared with one copy are unknown to the other' },
  '@tsukimi/core': { level: 'error', why: 'components declared with one copy are unknown to the other' },
  '@tsukimi/instrumentation': { level: 'error', why: 'what one copy instruments is missing from the endpoints of the other' },
  '@tsukimi/metrics': { level: 'error', why: 'metrics of one copy are missing from the registry of the other' },
  'prom-client': { level: 'warning', why: 'each copy has its own default registry, and metrics in the other one are not scraped' },
};

export const duplicatePackages: Check = {
  code: 'duplicate-packages',
  about: `only one copy of each of ${Object.keys(SHARED).join(', ')}`,
  find: async (project) => {
    const installed = await installedPackages(project);
    return Object.keys(SHARED).flatMap((name) => {
      const copies = installed.filter((copy) => copy.name === name);
      return copies.length > 1 ? [findingOf(project, copies, SHARED[name] as SharedPackage)] : [];
    });
  },
};

function findingOf(project: Project, copies: readonly InstalledPackage[], { level, why, sharesFrom }: SharedPackage): Finding {
  const { name = '' } = copies[0] ?? {};
  const findEachOther = sharesFrom !== undefined && copies.every(({ version }) => valid(version) !== null && gte(version, sharesFrom));
  const comesOfIt = findEachOther
    ? `Versions from ${sharesFrom} on share what decorators write; an older one would not.`
    : `${why[0]?.toUpperCase()}${why.slice(1)}.`;
  const list = copies.map(({ version, folder, usedBy }) => `${version} in ${project.shown(folder)} (for ${usedBy.join(', ')})`);
  return {
    level: findEachOther ? 'warning' : level,
    where: { file: 'package.json', line: lineOf(project.packageText, `"${name}"`) ?? lineOf(project.packageText, '"dependencies"') },
    what: `There are ${copies.length} copies of ${name}: ${list.join('; ')}. ${comesOfIt}`,
    fix: `Make all packages use one version: npm ls ${name} shows which package needs which version; npm dedupe or "overrides" in package.json joins them.`,
  };
}
