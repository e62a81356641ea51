/** A program with several workers in a folder of its own: `fixtures/program.mjs`. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ChildProgram } from '../../../../test/support/child-process.js';
import { freePort } from '../../../../test/support/free-port.js';
import { type WaitOptions, waitUntil } from '../../../../test/support/wait-until.js';

const PROGRAM = fileURLToPath(new URL('./fixtures/program.mjs', import.meta.url));

/** Limits for a machine that has much else to do. */
export const PATIENT: WaitOptions = { timeoutMs: 90_000 };

/** What a worker says of itself. */
export interface Who {
  readonly worker: number;
  readonly incarnation: number;
  readonly pid: number;
  readonly mode: string;
}

/** A running program. */
export class WorkerProgram implements AsyncDisposable {
  readonly program: ChildProgram;
  readonly folder: string;
  readonly url: string;

  private constructor(program: ChildProgram, { folder, url }: { folder: string; url: string }) {
    this.program = program;
    this.folder = folder;
    this.url = url;
  }

  /** Starts the program, without waiting for its workers. */
  static async start(
    options: {
      workers?: number | string;
      server?: string;
      /** Further namespaces of the configuration. */
      more?: string;
      mode?: string;
      execArgv?: readonly string[];
      port?: number;
      environment?: Readonly<Record<string, string>>;
      /** Another program than that of core. */
      file?: string;
    } = {},
  ): Promise<WorkerProgram> {
    const {
      workers = 2,
      server = 'shutdown_timeout_ms: 5000',
      more = '',
      mode = '',
      execArgv = [],
      file = PROGRAM,
      port = await freePort(),
      environment,
    } = options;
    const folder = await mkdtemp(join(tmpdir(), 'tsukimi-workers-test-'));
    await writeFile(join(folder, 'mode'), mode);
    await writeFile(join(folder, 'application.yml'), `server: { port: ${port}, workers: ${workers}, ${server} }\n${more}`);
    const program = new ChildProgram(process.execPath, {
      args: [...execArgv, file],
      cwd: folder,
      environment: { TMPDIR: folder, ...environment },
    });
    return new WorkerProgram(program, { folder, url: `http://127.0.0.1:${port}` });
  }

  get stdout(): string {
    return this.program.output.stdout;
  }

  /** All matches in what was written so far. */
  matches(pattern: RegExp): readonly RegExpExecArray[] {
    return [...this.stdout.matchAll(new RegExp(pattern, 'gm'))];
  }

  /** Waits until the output has so many matches, and returns them. */
  async waitFor(pattern: RegExp, count = 1): Promise<readonly RegExpExecArray[]> {
    const found = waitUntil(
      `${count} times ${pattern}`,
      () => (this.matches(pattern).length >= count ? this.matches(pattern) : undefined),
      PATIENT,
    );
    try {
      return await Promise.race([found, this.program.exited.then(() => this.#atEnd(pattern, count))]);
    } catch (error) {
      throw new Error(`${String(error)}\n${this.stdout}\n${this.program.output.stderr}`);
    }
  }

  /** Asks a route. */
  async get<T = Who>(path: string): Promise<T> {
    const response = await fetch(`${this.url}${path}`, { headers: { connection: 'close' } });
    return (await response.json()) as T;
  }

  async setMode(mode: string): Promise<void> {
    await writeFile(join(this.folder, 'mode'), mode);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  #atEnd(pattern: RegExp, count: number): readonly RegExpExecArray[] {
    const found = this.matches(pattern);
    if (found.length < count) throw new Error(`the program ended without ${count} times ${pattern}`);
    return found;
  }
}
