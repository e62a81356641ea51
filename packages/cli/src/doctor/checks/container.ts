/** Checks whether the Dockerfile and the compose file can start the application, and whether Prometheus is allowed to read its metrics. */
import { BlockList, isIP } from 'node:net';
import { readComposeFile } from '../compose-file.js';
import { profilesOf, readConfiguration } from '../configuration.js';
import { lineAt } from '../files.js';
import type { Check, Finding } from '../finding.js';
import { programOf } from '../project/program.js';
import type { Project } from '../project/project.js';
import { placeOfKey } from '../yaml-place.js';

const FILE = 'Dockerfile';
/** One address from the first and from the last of Docker's networks for containers. */
const CONTAINER_ADDRESSES = ['172.18.0.2', '192.168.16.2'];
const NETWORKS = '172.16.0.0/12, 192.168.0.0/16';

export const container: Check = {
  code: 'container',
  about: 'the Dockerfile builds and starts the application, and Prometheus in the compose file is allowed to read the metrics',
  find: async (project) => {
    const text = await project.text(FILE);
    if (text === undefined) return [];
    const lines = text.split('\n').flatMap((line, index) => (/^\s*#/.test(line) ? [] : [{ line, at: { file: FILE, line: index + 1 } }]));
    const profile = /^ENV\s(?:.*\s)?TSUKIMI_PROFILE[= ]"?([\w.-]+)/m.exec(text)?.[1];
    return [
      ...lines.flatMap((each) => missingScript(project, each)),
      ...(await missingLock(project, text)),
      ...lines.flatMap((each) => wrongEntry(project, each)),
      ...(await missingProfile(project, text, profile)),
      ...(await closedToPrometheus(project, profile)),
    ];
  },
};

interface Line {
  readonly line: string;
  readonly at: Finding['where'];
}

function missingScript({ packageJson }: Project, { line, at }: Line): Finding[] {
  const scripts = [...line.matchAll(/\bnpm (?:run|run-script) (?:-\S+ )*([\w:.-]+)/g)].map(([, name = '']) => name);
  return scripts
    .filter((name) => !(name in packageJson.scripts))
    .map((name) => ({
      level: 'error',
      where: at,
      what: `The Dockerfile runs "npm run ${name}", but package.json has no script ${name}.`,
      fix: name === 'build' ? 'Add it: npm pkg set scripts.build=tsc' : `Add the script ${name} to package.json, or remove the line.`,
    }));
}

async function missingLock(project: Project, text: string): Promise<Finding[]> {
  const index = text.search(/^\s*RUN\b.*\bnpm ci\b/m);
  if (index === -1 || (await project.fileNames()).some((name) => /^(package-lock|npm-shrinkwrap)\.json$/.test(name))) return [];
  const what = 'The Dockerfile runs "npm ci", which needs package-lock.json, but the file does not exist.';
  return [
    { level: 'error', where: { file: FILE, line: lineAt(text, index) }, what, fix: 'Run npm install, and commit package-lock.json.' },
  ];
}

function wrongEntry(project: Project, { line, at }: Line): Finding[] {
  const [, started] = /^\s*(?:CMD|ENTRYPOINT)\b.*?node"?[\s,]+(?:.*[\s"])?([\w./-]+\.[cm]?js)"?\s*\]?\s*$/.exec(line) ?? [];
  const { entry, source } = programOf(project);
  if (started === undefined || entry === undefined || started.replace(/^(\.\/|\/app\/)/, '') === entry) return [];
  return [
    {
      level: 'error',
      where: at,
      what: `The image starts ${started}, but the application's entry file is ${entry}${source === undefined ? '' : `, compiled from ${source}`}.`,
      fix: `Change the line to: ${line.trim().replace(started, entry)}`,
    },
  ];
}

async function missingProfile(project: Project, text: string, profile: string | undefined): Promise<Finding[]> {
  if (profile === undefined || (await profilesOf(project)).includes(profile)) return [];
  return [
    {
      level: 'error',
      where: { file: FILE, line: lineAt(text, text.indexOf('TSUKIMI_PROFILE')) },
      what: `The image sets the profile ${profile}, but there is no application-${profile}.yml: the application does not start.`,
      fix: `Create application-${profile}.yml, which can be empty, or remove TSUKIMI_PROFILE.`,
    },
  ];
}

async function closedToPrometheus(project: Project, profile: string | undefined): Promise<Finding[]> {
  const compose = await readComposeFile(project);
  if (compose === undefined || !/^\s*image:\s*["']?\S*prometheus/m.test(compose.text)) return [];
  const read = await readConfiguration(project, { profile, environment: {} });
  if (read === undefined || 'refusal' in read) return [];
  const { allowedIps, metricsEnabled, sourceOf } = read.exposure;
  if (!metricsEnabled || allowedIps.length === 0 || CONTAINER_ADDRESSES.some((address) => isIn(address, allowedIps))) return [];
  const where = await placeOfKey(project, sourceOf('metrics.allowed_ips'), 'metrics.allowed_ips');
  const start = profile === undefined ? '' : ` with the profile ${profile}`;
  return [
    {
      level: 'error',
      where,
      what: `metrics.allowed_ips${start} contains no address of a container network, so Prometheus in ${compose.file} cannot read the metrics.`,
      fix: `Add ${NETWORKS} to application${profile === undefined ? '' : `-${profile}`}.yml.`,
    },
  ];
}

function isIn(address: string, allowed: readonly string[]): boolean {
  const list = new BlockList();
  for (const each of allowed) {
    const [network = '', bits] = each.split('/');
    if (isIP(network) === 4) list.addSubnet(network, bits === undefined ? 32 : Number(bits), 'ipv4');
  }
  return list.check(address, 'ipv4');
}
