/** Finds metrics that everyone can read in production: the server listens on more than the loopback interface, and the allowlist is empty. */
import { isIP } from 'node:net';
import { isLoopback } from '@tsukimi/instrumentation';
import { profilesOf, readConfiguration } from '../configuration.js';
import type { Check, Finding } from '../finding.js';
import type { Project } from '../project/project.js';
import { placeOfKey } from '../yaml-place.js';

const PRODUCTION = /^(prod|production|live)$/i;

export const openAllowlist: Check = {
  code: 'open-allowlist',
  about: 'metrics.allowed_ips is set if production listens on more than the loopback interface',
  find: async (project) => {
    const production = (await profilesOf(project)).filter((profile) => PRODUCTION.test(profile));
    // Without a profile for production, application.yml applies there.
    if (production.length === 0) return await findingsOf(project, { profile: undefined, level: 'warning' });
    return (await Promise.all(production.map((profile) => findingsOf(project, { profile, level: 'error' })))).flat();
  },
};

async function findingsOf(
  project: Project,
  { profile, level }: { readonly profile: string | undefined; readonly level: Finding['level'] },
): Promise<readonly Finding[]> {
  const read = await readConfiguration(project, { profile, environment: {} });
  if (read === undefined || 'refusal' in read) return [];
  const { host, port, metricsPort, metricsEnabled, allowedIps, sourceOf } = read.exposure;
  if (!metricsEnabled || allowedIps.length > 0 || isLoopback(host)) return [];
  const start = profile === undefined ? '' : `With the profile ${profile}, `;
  const what = `${start}${start === '' ? 'E' : 'e'}veryone who can connect to ${shownHost(host)}:${metricsPort ?? port} can read the metrics: metrics.allowed_ips is empty.`;
  return [
    {
      level,
      where: await placeOfKey(project, sourceOf('server.host'), 'server.host'),
      what,
      fix: 'List the addresses of your scrapers, for example: metrics.allowed_ips: [127.0.0.1, 10.0.0.0/8].',
    },
  ];
}

// Text that is not an address could be a secret, such as a URL with a password.
function shownHost(host: string): string {
  return isIP(host.replace(/^\[(.*)\]$/, '$1')) === 0 ? '(server.host)' : host;
}
