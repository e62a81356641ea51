/** The profile that the Dockerfile sets, for a project that has none. */
import type { GeneratedFile } from '../output/generated-file.js';
import { templateText } from '../templates/read-template.js';

const NETWORKS = ['127.0.0.1', '::1', '172.16.0.0/12', '192.168.0.0/16'];

/** A start, kept where there is one. Who may read the metrics otherwise may in the container, too. */
export function productionProfile(allowedIps: readonly string[]): GeneratedFile {
  const all = [...new Set([...NETWORKS, ...allowedIps])].map((address) => (address.startsWith(':') ? JSON.stringify(address) : address));
  const text = templateText('project/application-production.yml').replace(/^( *allowed_ips:).*$/m, `$1 [${all.join(', ')}]`);
  return { path: 'application-production.yml', text, kind: 'starter' };
}
