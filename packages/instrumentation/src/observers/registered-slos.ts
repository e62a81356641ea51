/** Checks that each name of an objective in a registry belongs to one objective. */
import type { MetricsRegistry } from '@tsukimi/metrics';
import type { SloDeclaration } from '../metadata/slo.js';
import { sloConflict } from './errors.js';

const registered = new WeakMap<MetricsRegistry, Map<string, SloDeclaration>>();

/**
 * Registers an objective under its name. Two components with the same name and the same objective share it.
 * @throws TSK_ERR_OBSERVER_SLO_CONFLICT if their objectives differ
 */
export function rememberSlo(registry: MetricsRegistry, slo: SloDeclaration & { readonly name: string }): void {
  const slos = registered.get(registry) ?? new Map<string, SloDeclaration>();
  registered.set(registry, slos);
  const known = slos.get(slo.name) ?? slo;
  if (known.objective !== slo.objective || known.latencyMs !== slo.latencyMs)
    throw sloConflict({ slo: slo.name, declarations: [described(known), described(slo)] });
  slos.set(slo.name, known);
}

function described({ member, objective, latencyMs }: SloDeclaration): string {
  return `${objective} %${latencyMs === undefined ? '' : ` within ${latencyMs} ms`} by @Slo on ${member}`;
}
