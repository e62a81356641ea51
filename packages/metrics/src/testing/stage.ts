/** One case's registry, other side and exporter. */
import { strict as assert } from 'node:assert';
import { performance } from 'node:perf_hooks';
import { inspect } from 'node:util';
import { pause, realTimers } from '../push/push-timers.js';
import { MetricsRegistry } from '../registry.js';
import type { ExporterUnderTest, Fault, LoggedLine, OtherSide, RunningExporter } from './exporter-under-test.js';

/** What a clean shutdown may take beyond its limit, on a busy machine. */
const SLACK_MS = 1_000;

const COUNTER = { name: 'kit_events_total', help: 'Events of the compatibility kit.', labelNames: ['part'] } as const;

/** Not a word that occurs by itself, and of characters that clients encode. */
const SECRET = 'kit-s3cr3t/+&pä$$w0rd';

/** The parts of one case. */
export class Stage {
  readonly registry = new MetricsRegistry({ onError: (error) => this.errors.push(error) });
  readonly errors: Error[] = [];
  readonly lines: LoggedLine[] = [];
  readonly #subject: ExporterUnderTest;
  readonly #expected = new Map<string, number>();
  readonly #exporters: RunningExporter[] = [];

  private constructor(
    subject: ExporterUnderTest,
    readonly otherSide: OtherSide,
  ) {
    this.#subject = subject;
  }

  /** Runs a case, and cleans up after it. Rejections that nobody handles fail it. */
  static async run(subject: ExporterUnderTest, play: (stage: Stage) => Promise<void>): Promise<void> {
    const stage = new Stage(subject, await subject.open());
    const unhandled: unknown[] = [];
    const listener = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', listener);
    try {
      await play(stage);
      // Rejections are announced when the microtasks have run.
      await pause(realTimers, 1);
      assert.deepEqual(unhandled, [], 'The exporter left rejections unhandled.');
    } finally {
      for (const exporter of stage.#exporters) await within(exporter.stop({ timeoutMs: 200 }), 5_000);
      await stage.otherSide.close();
      process.off('unhandledRejection', listener);
    }
  }

  get acknowledges(): boolean {
    return this.#subject.acknowledges ?? true;
  }

  async start(): Promise<RunningExporter> {
    const log = (level: LoggedLine['level']) => (details: object, message: string) => void this.lines.push({ level, details, message });
    const exporter = await this.#subject.start({
      registry: this.registry,
      otherSide: this.otherSide,
      secret: SECRET,
      logger: { info: log('info'), warn: log('warn') },
      intervalMs: 50,
      timeoutMs: 300,
      retryDelayMs: 20,
      maxRetryDelayMs: 100,
      flushTimeoutMs: 2_000,
    });
    this.#exporters.push(exporter);
    return exporter;
  }

  /** Records events, as an application would. */
  record(part: string, amount = 1): void {
    this.registry.counter(COUNTER).inc({ part }, amount);
    this.#expected.set(part, (this.#expected.get(part) ?? 0) + amount);
  }

  async set(fault: Fault, isOn: boolean): Promise<void> {
    await this.otherSide.set?.(fault, isOn);
  }

  /** The totals that the other side has. */
  async totals(): Promise<Record<string, number>> {
    const totals: Record<string, number> = {};
    for (const part of this.#expected.keys()) totals[part] = await this.otherSide.total(COUNTER.name, { part });
    return totals;
  }

  get expected(): Record<string, number> {
    return Object.fromEntries(this.#expected);
  }

  /** Waits until the other side has everything. Nothing may be there twice. */
  async arrived(exporter: RunningExporter): Promise<void> {
    await this.eventually(
      async () => {
        await exporter.flush();
        return same(await this.totals(), this.expected) || this.#hasTooMuch(await this.totals());
      },
      async () => `The other side has ${inspect(await this.totals())}; recorded were ${inspect(this.expected)}.`,
    );
    assert.deepEqual(await this.totals(), this.expected, 'The other side has other totals than what was recorded.');
  }

  /** Checks that nothing was counted twice, where it may have been lost. */
  async notTooMuch(): Promise<void> {
    const totals = await this.totals();
    assert.ok(!this.#hasTooMuch(totals), `Counted twice: the other side has ${inspect(totals)}; recorded were ${inspect(this.expected)}.`);
  }

  #hasTooMuch(totals: Record<string, number>): boolean {
    return Object.entries(totals).some(([part, total]) => total > (this.#expected.get(part) ?? 0));
  }

  /** Waits until the exporter has logged a line. */
  async logged(level: LoggedLine['level']): Promise<void> {
    await this.eventually(
      () => this.lines.some((line) => line.level === level),
      () => `The exporter logged no ${level === 'warn' ? 'warning' : 'info'} in time.`,
    );
  }

  /** Returns the value of a metric about the exporter; undefined if there is none. */
  async exporterMetric(name: string, labels: Record<string, string> = {}): Promise<number | undefined> {
    for await (const family of this.registry.read({ names: [name] })) {
      for (const point of family.points) {
        const matches = Object.entries(labels).every(([label, value]) => point.labels[label] === value);
        if (matches && 'value' in point) return Number(point.value);
      }
    }
    return undefined;
  }

  /** Waits until a condition holds. */
  async eventually(holds: () => boolean | Promise<boolean>, otherwise: () => string | Promise<string>): Promise<void> {
    const endMs = performance.now() + (this.#subject.patienceMs ?? 15_000);
    while (!(await holds())) {
      if (performance.now() > endMs) assert.fail(await otherwise());
      await pause(realTimers, 10);
    }
  }

  /** Checks that the secret is nowhere where people look. */
  async keepsSecret(exporter: RunningExporter): Promise<void> {
    const { error } = exporter as { readonly error?: unknown };
    const shown = inspect([this.lines, this.errors, error], { depth: 8, maxStringLength: null, maxArrayLength: null });
    const texts = [
      shown,
      ...this.lines.map(({ details, message }) => `${message} ${JSON.stringify(details)}`),
      await this.registry.expose(),
    ];
    for (const form of formsOf(SECRET))
      assert.ok(!texts.some((text) => text.includes(form)), `A log line, error or metric contains the credential ${form}.`);
  }

  /** Stops an exporter, and checks that it keeps to its limit. @returns whether it says that everything arrived */
  async stopped(exporter: RunningExporter, timeoutMs: number): Promise<boolean> {
    const startMs = performance.now();
    const result = await within(exporter.stop({ timeoutMs }), timeoutMs + SLACK_MS);
    const tookMs = performance.now() - startMs;
    assert.ok(
      result !== undefined && tookMs <= timeoutMs + SLACK_MS,
      `stop() took ${Math.round(tookMs)} ms or longer; its limit was ${timeoutMs} ms.`,
    );
    return result;
  }
}

/** Returns the result of a promise, or undefined if it is not there in time. */
async function within<T>(promise: Promise<T>, timeoutMs: number): Promise<T | undefined> {
  return await Promise.race([promise, pause(realTimers, timeoutMs).then(() => undefined)]);
}

/** The beginnings of a secret in the forms that clients write it in. In base64, the beginning depends on how many bytes are before it. */
function formsOf(secret: string): string[] {
  const base64 = [0, 1, 2].map((before) =>
    Buffer.from(`${' '.repeat(before)}${secret}`)
      .toString('base64')
      .slice(before === 0 ? 0 : before + 1),
  );
  return [secret, encodeURIComponent(secret), encodeURI(secret), ...base64].map((form) => form.slice(0, 12));
}

function same(one: Record<string, number>, other: Record<string, number>): boolean {
  return Object.keys(other).every((part) => one[part] === other[part]);
}
