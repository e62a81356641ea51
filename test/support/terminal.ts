/** A real terminal, kept by tmux, that a test types into and reads the screen of. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { requireBinary } from './server-binary.js';
import { waitUntil } from './wait-until.js';

/** What runs in the terminal, and how large that is. */
export interface TerminalOptions {
  /** 80 unless given. */
  readonly columns?: number;
  /** 24 unless given. */
  readonly rows?: number;
  /** Added to a small environment: PATH, HOME, a UTF-8 locale and TERM; nothing else reaches the program. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** What tmux tells of a terminal besides its text. */
export interface TerminalState {
  /** Whether the alternate screen is shown, as full-screen programs have it. */
  readonly alternateScreen: boolean;
  readonly cursorVisible: boolean;
}

const run = promisify(execFile);

/** A program in a terminal; `await using` or `stop()` ends both. The last screen stays readable after the program has ended. */
export class Terminal implements AsyncDisposable {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The lines of the screen without the blanks at their ends. */
  async screen(): Promise<string> {
    return (await this.#tmux('capture-pane', '-p')).trimEnd();
  }

  /** The screen with the escape codes of its colours. */
  async colouredScreen(): Promise<string> {
    return (await this.#tmux('capture-pane', '-p', '-e')).trimEnd();
  }

  /** Presses keys, by tmux's names for them: `q`, `Down`, `Tab`, `Enter`, `C-c`. */
  async send(...keys: readonly string[]): Promise<void> {
    await this.#tmux('send-keys', ...keys);
  }

  /** Types a text as it is. */
  async type(text: string): Promise<void> {
    await this.#tmux('send-keys', '-l', '--', text);
  }

  async resize(size: { readonly columns: number; readonly rows: number }): Promise<void> {
    await this.#tmux('resize-window', '-x', String(size.columns), '-y', String(size.rows));
  }

  /** Waits until the screen fits, and returns it; at the deadline the error shows the screen. */
  async waitForScreen(expected: RegExp | ((screen: string) => boolean)): Promise<string> {
    const fits = expected instanceof RegExp ? (screen: string) => expected.test(screen) : expected;
    let last = '';
    try {
      return await waitUntil(`${expected} on the screen`, async () => {
        last = await this.screen();
        return fits(last) ? last : undefined;
      });
    } catch (cause) {
      throw new Error(`${cause instanceof Error ? cause.message : cause}. The screen:\n${last}`, { cause });
    }
  }

  async state(): Promise<TerminalState> {
    const [alternate, cursor] = (await this.#tell('#{alternate_on} #{cursor_flag}')).split(' ');
    return { alternateScreen: alternate === '1', cursorVisible: cursor === '1' };
  }

  /** The process of the program. */
  async pid(): Promise<number> {
    return Number((await run('pgrep', ['-P', await this.#tell('#{pane_pid}')])).stdout);
  }

  /** Waits until the program has ended, and returns its exit code as a shell counts it: 128 and the number of a signal. */
  async exitCode(): Promise<number> {
    const text = await waitUntil('the end of the program in the terminal', async () => {
      const written = await readFile(exitCodeFile(this.#folder), 'utf8');
      return written.endsWith('\n') ? written : undefined;
    });
    return Number(text);
  }

  async stop(): Promise<void> {
    await this.#tmux('kill-server').catch(() => undefined);
    await rm(this.#folder, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #tell(format: string): Promise<string> {
    return (await this.#tmux('display-message', '-p', format)).trim();
  }

  async #tmux(command: string, ...args: readonly string[]): Promise<string> {
    const { stdout } = await run(requireBinary('tmux').path, ['-S', join(this.#folder, 'tmux'), command, ...args]);
    return stdout;
  }
}

function exitCodeFile(folder: string): string {
  return join(folder, 'exit-code');
}

// tmux sometimes never learns how a program ended, so a shell around it writes that down. A signal of the terminal ends the program only.
const SHELL_AROUND = 'trap : INT QUIT TSTP; file=$1; shift; "$@"; echo $? > "$file"';

/**
 * Starts a program in a terminal of its own, `startTerminal([process.execPath, 'main.js', 'top'])` say.
 *
 * Skip the tests where tmux is missing: `describe.skipIf(requireBinary('tmux').skipReason)`.
 */
export async function startTerminal(command: readonly string[], options: TerminalOptions = {}): Promise<Terminal> {
  const { columns = 80, rows = 24, environment = {}, cwd = process.cwd() } = options;
  const folder = await mkdtemp(join(tmpdir(), 'tsukimi-terminal-'));
  const configuration = join(folder, 'tmux.conf');
  await writeFile(configuration, SETTINGS);
  const given = Object.entries(environment).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  const args = ['-S', join(folder, 'tmux'), '-f', configuration, '-u', 'new-session', '-d'];
  args.push('-x', String(columns), '-y', String(rows), '-c', cwd, ...given, '--');
  args.push('sh', '-c', SHELL_AROUND, 'sh', exitCodeFile(folder), ...command);
  const { PATH = '', HOME = '' } = process.env;
  await run(requireBinary('tmux').path, args, { env: { PATH, HOME, LC_ALL: 'C.UTF-8' } });
  return new Terminal(folder);
}

// The window stays when its program has ended, without a line of tmux's own on it, and has all rows for itself.
const SETTINGS = `
set-option -g status off
set-option -g remain-on-exit on
set-option -g remain-on-exit-format ""
set-option -g default-terminal screen-256color
`;
