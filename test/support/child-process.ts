/** A program that a test starts, listens to and ends. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { waitUntil } from './wait-until.js';

/** Where and with what a program runs. */
export interface StartOptions {
  readonly args?: readonly string[];
  readonly cwd?: string | URL;
  /** Added to the environment of the tests, less what would reach into the program (`TSUKIMI_*`, `VITEST*`, `NODE_OPTIONS`). */
  readonly environment?: Readonly<Record<string, string>>;
}

/** How a program ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const LEFT_OUT = /^(TSUKIMI_|VITEST|NODE_OPTIONS$|NODE_ENV$|NODE_V8_COVERAGE$)/;

/** A running program; `await using` or `stop()` ends it, and it never outlives the process that started it. */
export class ChildProgram implements AsyncDisposable {
  /** Everything it wrote so far. */
  readonly output = { stdout: '', stderr: '' };
  /** Settles when it has ended and all of its output was read. */
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;

  constructor(command: string, options: StartOptions = {}) {
    const { args = [], cwd, environment = {} } = options;
    const inherited = Object.entries(process.env).filter(([name]) => !LEFT_OUT.test(name));
    this.#child = spawn(command, args, {
      cwd,
      env: { ...Object.fromEntries(inherited), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of ['stdout', 'stderr'] as const) {
      this.#child[stream].setEncoding('utf8').on('data', (text: string) => {
        this.output[stream] += text;
      });
    }
    const endWithParent = () => this.#child.kill('SIGKILL');
    process.once('exit', endWithParent);
    this.exited = once(this.#child, 'close').then(([code, signal]) => {
      process.off('exit', endWithParent);
      return { code, signal };
    });
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('The program did not start.');
    return this.#child.pid;
  }

  /** The first match in what it wrote to stdout (or stderr), now or later. Fails at once if the program ends without it. */
  async waitForOutput(pattern: RegExp, stream: 'stdout' | 'stderr' = 'stdout'): Promise<RegExpExecArray> {
    return Promise.race([
      waitUntil(`${pattern} on ${stream}`, () => pattern.exec(this.output[stream]) ?? undefined),
      this.exited.then((exit) => this.#matchAtEnd(pattern, { stream, exit })),
    ]);
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Ends it: SIGTERM, and SIGKILL where that takes longer than 5 s. */
  async stop(): Promise<Exit> {
    const force = setTimeout(() => this.#child.kill('SIGKILL'), 5_000);
    this.#child.kill('SIGTERM');
    const exit = await this.exited;
    clearTimeout(force);
    return exit;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #matchAtEnd(pattern: RegExp, end: { stream: 'stdout' | 'stderr'; exit: Exit }): RegExpExecArray {
    const match = pattern.exec(this.output[end.stream]);
    if (match !== null) return match;
    const { stdout, stderr } = this.output;
    throw new Error(
      `The program ended (${JSON.stringify(end.exit)}) without ${pattern} on ${end.stream}.\nstdout: ${stdout}\nstderr: ${stderr}`,
    );
  }
}

/** Starts a JavaScript file with the Node that runs the tests. */
export function startNodeProgram(file: string, options: StartOptions = {}): ChildProgram {
  return new ChildProgram(process.execPath, { ...options, args: [file, ...(options.args ?? [])] });
}
