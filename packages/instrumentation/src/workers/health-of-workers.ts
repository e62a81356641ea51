/** The health of an application with several workers, as its primary answers probes: where they are on the port of the metrics. */
import type { HealthCheckResult, HealthProbe, HealthReport, PrimaryHost, WorkerLink, WorkerState } from '@tsukimi/core';

/** The primary asks a worker for its report on a probe. */
const HEALTH = '@tsukimi/instrumentation:health';

/** How much later than its checks a worker may answer. */
const GRACE_MS = 250;

/** In a worker. */
export function answerProbes(link: WorkerLink, report: (probe: HealthProbe) => Promise<HealthReport>): void {
  link.onAsked(HEALTH, (probe) => report(probe as HealthProbe));
}

/** What a worker answered, or why it did not. */
interface Answer {
  readonly name: string;
  readonly isUp: boolean;
  readonly durationMs: number;
  readonly message: string | null;
  readonly checks: HealthReport['checks'];
}

/** In the primary. */
export class HealthOfWorkers {
  readonly #host: PrimaryHost;
  readonly #timeoutMs: number;
  readonly #running = new Map<HealthProbe, Promise<HealthReport>>();
  /** The status of each worker, and since when it has that. */
  readonly #since = new Map<string, { readonly isUp: boolean; readonly at: string }>();
  #hasStarted = false;

  /** @param timeoutMs how long a check may take by default */
  constructor(host: PrimaryHost, timeoutMs: number) {
    this.#host = host;
    this.#timeoutMs = timeoutMs + GRACE_MS;
    host.workers.onReady(() => {
      this.#hasStarted = true;
    });
  }

  /** Answers a probe. Those who ask at the same time share the answers of the workers. */
  report(probe: HealthProbe): Promise<HealthReport> {
    const running = this.#running.get(probe);
    if (running !== undefined) return running;
    const asked = this.#report(probe).finally(() => this.#running.delete(probe));
    this.#running.set(probe, asked);
    return asked;
  }

  async #report(probe: HealthProbe): Promise<HealthReport> {
    const states = this.#host.workers.all();
    const serving = states.filter(({ state }) => state === 'ready');
    const others = states.filter(({ state, worker }) => state !== 'ready' && !serving.some((each) => each.worker === worker));
    const answers = await Promise.all(serving.map((worker) => this.#ask(worker, probe)));
    const isOneUp = answers.some(({ isUp }) => isUp);
    const isUp: Readonly<Record<HealthProbe, boolean>> = {
      // Where none serves yet, or none any more, a restart does not help.
      live: serving.length === 0 || isOneUp,
      ready: isOneUp,
      startup: this.#hasStarted,
    };
    const absent = others.map(({ worker, state }) => ({
      name: nameOf(worker),
      isUp: false,
      durationMs: 0,
      message: `is ${state}`,
      checks: {},
    }));
    const checks = [...answers, ...absent].flatMap((answer) => [
      [answer.name, this.#resultOf(answer)] as const,
      ...Object.entries(answer.checks).map(([name, result]) => [`${answer.name}/${name}`, result] as const),
    ]);
    return { status: isUp[probe] ? 'up' : 'down', checks: Object.fromEntries(checks) };
  }

  async #ask({ worker, incarnation }: WorkerState, probe: HealthProbe): Promise<Answer> {
    const startedMs = performance.now();
    const answerOf = ({ status, checks }: HealthReport, message: string | null): Answer => {
      const durationMs = Math.round((performance.now() - startedMs) * 1000) / 1000;
      return { name: nameOf(worker), isUp: status === 'up', durationMs, message, checks };
    };
    try {
      const question = { channel: HEALTH, message: probe, timeoutMs: this.#timeoutMs };
      return answerOf((await this.#host.workers.askProcess(incarnation, question)) as HealthReport, null);
    } catch {
      return answerOf({ status: 'down', checks: {} }, `did not answer within ${this.#timeoutMs} ms`);
    }
  }

  #resultOf({ name, isUp, durationMs, message }: Answer): HealthCheckResult {
    const known = this.#since.get(name);
    const since = known?.isUp === isUp ? known.at : new Date().toISOString();
    this.#since.set(name, { isUp, at: since });
    return { status: isUp ? 'up' : 'down', durationMs, message, since };
  }
}

function nameOf(worker: number): string {
  return `worker-${worker}`;
}
