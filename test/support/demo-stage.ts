/** Demos, two Prometheus servers that scrape them, one with native histograms, and traffic: what a dashboard is shown against. */
import { dirname, join } from 'node:path';
import { type ChildProgram, startNodeProgram } from './child-process.js';
import { type DemoProgram, demoMain, startDemoProgram } from './demo-program.js';
import { projectPath } from './project.js';
import { type PrometheusServer, startPrometheus } from './prometheus-server.js';
import { waitUntil } from './wait-until.js';

export interface StageOptions<Name extends string> {
  /** The path that `requireBinary('prometheus')` gave. */
  readonly binary: string;
  /** The demos by the name that they have as an instance, each with what its environment has besides. */
  readonly demos: Readonly<Record<Name, Readonly<Record<string, string>>>>;
  /** Also how often rules are evaluated. */
  readonly scrapeIntervalSeconds: number;
  /** Entries of `scrape_configs` besides. */
  readonly furtherJobs?: readonly object[];
  /**
   * The folder with the rules.
   * @default those of this project
   */
  readonly rulesFolder?: string;
  /** What is done once the demos listen, and before they are scraped. */
  readonly beforeScrapes?: (demos: Readonly<Record<Name, DemoProgram>>) => Promise<void>;
}

/** What a server keeps of a histogram: its classic buckets, or the native one only. */
export type ServerKind = 'classic' | 'native';

/** What runs; `await using` or `stop()` ends all of it. */
export interface DemoStage<Name extends string> extends AsyncDisposable {
  readonly servers: Readonly<Record<ServerKind, PrometheusServer>>;
  readonly demos: Readonly<Record<Name, DemoProgram>>;
  /** Runs `npm run traffic` against a demo, with further arguments; it ends when it has sent all. */
  sendTraffic(name: Name, ...args: readonly string[]): ChildProgram;
  /** Waits until both servers have scraped every target after now. */
  scraped(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the demos as one job, and a Prometheus of each kind that has the rules of this project. */
export async function startStage<Name extends string>(options: StageOptions<Name>): Promise<DemoStage<Name>> {
  const running: { stop(): Promise<unknown> }[] = [];
  const stop = async () => {
    for (const each of running.splice(0).reverse()) await each.stop();
  };
  try {
    const demos = {} as Record<Name, DemoProgram>;
    for (const [name, environment] of Object.entries(options.demos) as [Name, Readonly<Record<string, string>>][]) {
      const demo = await startDemoProgram(environment);
      demos[name] = demo;
      running.push(demo.program);
    }
    const targets = Object.entries<DemoProgram>(demos).map(([instance, { target }]) => ({ targets: [target], labels: { instance } }));
    await options.beforeScrapes?.(demos);
    const start = async (...flags: readonly string[]) => {
      const server = await startPrometheus(options.binary, configuration(targets, options), flags);
      running.push(server);
      return server;
    };
    const [classic, native] = await Promise.all([start(), start('--enable-feature=native-histograms')]);
    const servers = { classic, native };
    const sendTraffic = (name: Name, ...args: readonly string[]) => {
      const program = startNodeProgram(join(dirname(demoMain()), 'traffic.js'), { args: ['--url', demos[name].url, ...args] });
      running.push(program);
      return program;
    };
    return { servers, demos, sendTraffic, scraped: () => bothScraped([classic, native]), stop, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function configuration(
  targets: readonly object[],
  { scrapeIntervalSeconds, furtherJobs = [], rulesFolder = projectPath('prometheus/rules') }: StageOptions<string>,
): string {
  return JSON.stringify({
    global: { scrape_interval: `${scrapeIntervalSeconds}s`, evaluation_interval: `${scrapeIntervalSeconds}s` },
    rule_files: [`${rulesFolder}/*.yml`],
    scrape_configs: [{ job_name: 'demo', metrics_path: '/metrics/prometheus', static_configs: targets }, ...furtherJobs],
  });
}

async function bothScraped(servers: readonly PrometheusServer[]): Promise<void> {
  const nowSeconds = Date.now() / 1_000;
  for (const server of servers) await scraped(server, nowSeconds);
}

async function scraped(prometheus: PrometheusServer, nowSeconds: number): Promise<void> {
  await waitUntil('a scrape of every target', async () => {
    // Not timestamp(up == 1): of anything but a selector it is the time of the query.
    const scrapes = await prometheus.query('timestamp(up)');
    const down = await prometheus.query('up == 0');
    return scrapes.length > 0 && down.length === 0 && scrapes.every(({ value }) => Number(value) > nowSeconds);
  });
}
