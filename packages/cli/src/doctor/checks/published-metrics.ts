/** Finds compose files that publish the metrics port on all networks of the host. */

import { isLoopback } from '@tsukimi/instrumentation';
import { type ComposeFile, type ComposeService, readComposeFile } from '../compose-file.js';
import { readConfiguration } from '../configuration.js';
import { lineOf } from '../files.js';
import type { Check, Finding } from '../finding.js';
import type { Project } from '../project/project.js';

export const publishedMetrics: Check = {
  code: 'published-metrics',
  about: 'no compose file publishes the metrics port to other machines',
  find: async (project) => {
    const compose = await readComposeFile(project);
    if (compose === undefined) return [];
    return (await Promise.all(compose.services.map((service) => findingsOf(project, compose, service)))).flat();
  },
};

async function findingsOf(project: Project, { file, text }: ComposeFile, service: ComposeService): Promise<readonly Finding[]> {
  const { TSUKIMI_PROFILE: profile, ...environment } = service.environment;
  const read = await readConfiguration(project, { profile: profile === '' ? undefined : profile, environment });
  if (read === undefined || 'refusal' in read || !read.exposure.metricsEnabled) return [];
  const { metricsPort, port, allowedIps } = read.exposure;
  const isOpen = allowedIps.length === 0;
  // On the application's own port, the allowlist protects the metrics.
  if (metricsPort === null && !isOpen) return [];
  const published = service.ports.filter(
    ({ containerPort, hostAddress }) => containerPort === (metricsPort ?? port) && !isLoopback(hostAddress),
  );
  return published.map(({ written }) => ({
    level: isOpen ? 'error' : 'warning',
    where: { file, line: lineOf(text, written) },
    what: `The service ${service.name} publishes its metrics port (${written}) on every address of the host${
      isOpen ? ', and metrics.allowed_ips is empty' : '; through it, clients may appear to come from an address of the container network'
    }.`,
    fix:
      metricsPort === null
        ? `List addresses in metrics.allowed_ips, serve the metrics on their own port (metrics.port), or publish 127.0.0.1:${written} only.`
        : 'Remove the entry: services in the same network can connect without it. Or put 127.0.0.1: in front of it.',
  }));
}
