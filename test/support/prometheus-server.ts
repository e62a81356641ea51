/** A real Prometheus, with a configuration, a port and a database of its own. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChildProgram } from './child-process.js';
import { freePort } from './free-port.js';
import { waitUntil } from './wait-until.js';

/** One series of a query's answer. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  /** As Prometheus writes it: `3`, `0.25`, `NaN`, `+Inf`. */
  readonly value: string;
}

/** A running Prometheus. */
export interface PrometheusServer extends AsyncDisposable {
  readonly url: string;
  /** The instant vector that an expression gives now. */
  query(expression: string): Promise<Sample[]>;
  /** Any endpoint of the HTTP API, such as `/api/v1/targets`; gives the answer's `data`. */
  api<T>(path: string): Promise<T>;
  stop(): Promise<void>;
}

/**
 * Starts Prometheus and waits until it is ready.
 *
 * @param binary the path that `requireBinary('prometheus')` gave.
 * @param configuration the text of a `prometheus.yml`.
 * @param flags further ones, such as `--enable-feature=exemplar-storage`.
 */
export async function startPrometheus(binary: string, configuration: string, flags: readonly string[] = []): Promise<PrometheusServer> {
  const folder = await mkdtemp(join(tmpdir(), 'tsukimi-prometheus-'));
  const file = join(folder, 'prometheus.yml');
  await writeFile(file, configuration);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = [`--config.file=${file}`, `--storage.tsdb.path=${join(folder, 'data')}`, `--web.listen-address=127.0.0.1:${port}`, ...flags];
  const program = new ChildProgram(binary, { args, cwd: folder });
  const stop = async () => {
    await program.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await Promise.race([
      waitUntil('Prometheus is ready', async () => (await fetch(`${url}/-/ready`)).ok),
      program.exited.then(() => Promise.reject(new Error(`Prometheus ended at start: ${program.output.stderr}`))),
    ]);
  } catch (error) {
    await stop();
    throw error;
  }
  const api = <T>(path: string) => askApi<T>(`${url}${path}`);
  return { url, api, query: (expression) => query(api, expression), stop, [Symbol.asyncDispose]: stop };
}

interface ApiAnswer<T> {
  readonly status: 'success' | 'error';
  readonly error?: string;
  readonly data: T;
}

interface InstantVector {
  readonly result: readonly { readonly metric: Readonly<Record<string, string>>; readonly value: readonly [number, string] }[];
}

async function askApi<T>(url: string): Promise<T> {
  const answer = (await (await fetch(url)).json()) as ApiAnswer<T>;
  if (answer.status !== 'success') throw new Error(`Prometheus refused ${url}: ${answer.error}`);
  return answer.data;
}

async function query(api: (path: string) => Promise<InstantVector>, expression: string): Promise<Sample[]> {
  const { result } = await api(`/api/v1/query?${new URLSearchParams({ query: expression })}`);
  return result.map(({ metric, value }) => ({ labels: metric, value: value[1] }));
}
