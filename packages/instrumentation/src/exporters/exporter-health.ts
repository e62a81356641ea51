/** The health check of an exporter: whether its last push succeeded. Nothing is asked of the other side. */
import type { HealthCheckKind, HealthCheckOutcome, HealthHost, PrimaryHost, WorkerLink } from '@tsukimi/core';
import type { MetricError } from '@tsukimi/metrics';

/** How long the primary may take to answer. Most checks have a shorter limit of their own. */
const ANSWER_MS = 5000;

/** What runs an exporter. */
interface Loop {
  /** The error of the last push; undefined if it succeeded. */
  readonly error: MetricError | undefined;
}

/** What the primary says of an exporter. */
interface ExporterState {
  readonly name: string;
  readonly outcome: HealthCheckOutcome;
}

/** Whether, and as what, the check is added. */
export type ExporterHealth = HealthCheckKind | 'off';

/** Adds the check where the exporter runs. */
export function addCheck(health: HealthHost, kind: ExporterHealth, { name, loop }: { readonly name: string; readonly loop: Loop }): void {
  if (kind !== 'off') health.add({ name: `exporter-${name}`, kind, check: () => outcomeOf(loop) });
}

/** In the primary of several workers: says how the exporter of a namespace is. */
export function answerChecks(
  { workers }: PrimaryHost,
  namespace: string,
  { name, loop }: { readonly name: string; readonly loop: Loop },
): void {
  workers.onAsked(channelOf(namespace), (): ExporterState => ({ name, outcome: outcomeOf(loop) }));
}

/** Adds the check in one of several workers: it asks the primary. */
export async function addCheckOfPrimary(
  health: HealthHost,
  kind: ExporterHealth,
  { worker, namespace }: { readonly worker: WorkerLink; readonly namespace: string },
): Promise<void> {
  if (kind === 'off') return;
  const ask = async (): Promise<ExporterState> =>
    (await worker.ask(channelOf(namespace), undefined, { timeoutMs: ANSWER_MS })) as ExporterState;
  // A primary has the configuration of its start. If that has no such exporter, there is none whose pushes could fail.
  const state = await ask().catch(() => undefined);
  if (state !== undefined) health.add({ name: `exporter-${state.name}`, kind, check: async () => (await ask()).outcome });
}

function channelOf(namespace: string): string {
  return `@tsukimi/instrumentation:exporter:${namespace}`;
}

function outcomeOf({ error }: Loop): HealthCheckOutcome {
  return error === undefined ? { status: 'up' } : { status: 'down', message: error.message };
}
