/** The health of one application: its checks, and whether it is starting or stopping. */
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest } from 'fastify';
import type { HealthConfiguration } from '../configuration/schema.js';
import { loggableThrown } from '../errors/thrown.js';
import { Check, type CheckParts, type EndedRun } from './check.js';
import { checkedOptions, type HealthDefaults } from './check-options.js';
import { healthCheckDuplicate, healthCheckLate } from './errors.js';
import type {
  HealthCheckDefinition,
  HealthCheckKind,
  HealthCheckResult,
  HealthDetails,
  HealthHost,
  HealthProbe,
  HealthReport,
} from './health.js';
import { addHealthRoutes } from './routes.js';

type Phase = 'starting' | 'running' | 'stopping';

/** The kinds of checks that decide on a probe. An instance that has to be restarted should get no requests either. */
const DECIDING: Readonly<Record<HealthProbe, readonly HealthCheckKind[]>> = {
  live: ['liveness'],
  ready: ['readiness', 'liveness'],
  startup: [],
};

/** The phases in which a probe is up. A process that stops must not be restarted. */
const PHASES: Readonly<Record<HealthProbe, readonly Phase[]>> = {
  live: ['starting', 'running', 'stopping'],
  ready: ['running'],
  startup: ['running', 'stopping'],
};

/** Runs the checks, and answers probes. */
export class ApplicationHealth implements HealthHost {
  readonly defaults: HealthDefaults;
  readonly #checks = new Map<string, Check>();
  readonly #configuration: HealthConfiguration;
  readonly #logger: FastifyBaseLogger;
  readonly #resultListeners: ((run: EndedRun['check']) => void)[] = [];
  #detailsFor: (request: FastifyRequest) => HealthDetails;
  #isClaimed = false;
  #phase: Phase = 'starting';
  #phaseSince = new Date().toISOString();

  constructor(configuration: HealthConfiguration, logger: FastifyBaseLogger) {
    const { timeout_ms: timeoutMs, cache_ms: cacheMs, details } = configuration;
    this.defaults = { timeoutMs, cacheMs };
    this.#configuration = configuration;
    this.#logger = logger;
    this.#detailsFor = () => (details === 'always' ? 'messages' : 'none');
  }

  get checks(): readonly Check[] {
    return [...this.#checks.values()];
  }

  add(definition: HealthCheckDefinition): void {
    const { check, ...options } = definition;
    const { name } = options;
    const checked = checkedOptions(options, { where: typeof name === 'string' ? name : 'of an extension', name, defaults: this.defaults });
    if (this.#phase !== 'starting') throw healthCheckLate(name);
    this.addChecked({ ...checked, where: 'health.add', run: (run) => check.call(definition, run) });
  }

  /** Adds a check whose options are checked already. @throws TSK_ERR_HEALTH_DUPLICATE */
  addChecked(parts: CheckParts): void {
    const other = this.#checks.get(parts.name);
    if (other !== undefined) throw healthCheckDuplicate(parts.name, [other.where, parts.where]);
    this.#checks.set(parts.name, new Check(parts, (run) => this.#ended(run)));
  }

  onResult(listener: (run: EndedRun['check']) => void): void {
    this.#resultListeners.push(listener);
  }

  showDetails(decide: (request: FastifyRequest) => HealthDetails): void {
    if (this.#configuration.details === 'allowed') this.#detailsFor = decide;
  }

  claimRoutes(): (server: FastifyInstance) => Promise<void> {
    this.#isClaimed = true;
    return (server) => this.#addRoutes(server);
  }

  /** Adds the endpoints to the application's own server, if they are there. */
  async addRoutes(fastify: FastifyInstance): Promise<void> {
    const { enabled, port } = this.#configuration;
    if (enabled && port === 'application') await this.#addRoutes(fastify);
  }

  /** Whether the endpoints are on a port that nothing has opened. */
  get isUnclaimed(): boolean {
    const { enabled, port } = this.#configuration;
    return enabled && port === 'metrics' && !this.#isClaimed;
  }

  async refresh(): Promise<void> {
    if (this.#phase === 'running') await Promise.all(this.checks.map((check) => check.current()));
  }

  async report(probe: HealthProbe): Promise<HealthReport> {
    const deciding = DECIDING[probe];
    const asked = this.checks.filter(({ kind }) => deciding.includes(kind) || (probe === 'ready' && kind === 'info'));
    const shown: [string, HealthCheckResult][] = [];
    let isUp = true;
    // While the application starts or stops, what the checks ask may not be there, and the answer is known.
    if (this.#phase === 'running') {
      const results = await Promise.all(asked.map((check) => check.current()));
      for (const [index, { name, kind }] of asked.entries()) {
        const result = results[index] as HealthCheckResult;
        shown.push([name, result]);
        if (result.status === 'down' && deciding.includes(kind)) isUp = false;
      }
    } else {
      for (const { name, result } of asked) if (result !== undefined) shown.push([name, result]);
    }
    // Asked again, because it can have changed during the runs.
    if (!PHASES[probe].includes(this.#phase)) {
      isUp = false;
      shown.push(['application', this.#ofPhase()]);
    }
    return { status: isUp ? 'up' : 'down', checks: Object.fromEntries(shown) };
  }

  /** Everything has started. */
  started(): void {
    this.#enter('running');
  }

  /** The application stops: from now on, it is not ready. */
  stopping(): void {
    this.#enter('stopping');
  }

  #addRoutes(server: FastifyInstance): Promise<void> {
    const { live_path: live, ready_path: ready, startup_path: startup } = this.#configuration;
    return addHealthRoutes(server, {
      paths: { live, ready, startup },
      report: (probe) => this.report(probe),
      detailsFor: (request) => this.#detailsFor(request),
    });
  }

  #enter(phase: Phase): void {
    if (this.#phase === phase || this.#phase === 'stopping') return;
    this.#phase = phase;
    this.#phaseSince = new Date().toISOString();
  }

  #ofPhase(): HealthCheckResult {
    return { status: 'down', durationMs: 0, message: `the application is ${this.#phase}`, since: this.#phaseSince };
  }

  #ended({ check, before, thrown }: EndedRun): void {
    const { name, result } = check;
    if (result.status !== (before?.status ?? 'up')) {
      if (result.status === 'up') this.#logger.info({ check: name }, `Health check ${name} is up again`);
      else {
        const fields = { check: name, ...(thrown !== undefined && { err: loggableThrown(thrown) }) };
        this.#logger.warn(fields, `Health check ${name} is down${result.message === null ? '' : `: ${result.message}`}`);
      }
    }
    for (const listener of this.#resultListeners) listener(check);
  }
}
