/** A real PostgreSQL of a test's own, which it can stop. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** A running PostgreSQL. */
export interface PostgresServer extends AsyncDisposable {
  /** `postgres://user:password@127.0.0.1:port/postgres`, of a superuser. */
  readonly url: string;
  /** Ends it for clients as `pg_ctl stop -m fast` does. */
  stop(): Promise<void>;
  /** Ends it as a crash does: clients are not told. */
  kill(): Promise<void>;
  /** Starts it again, on the same port and with its data. */
  start(): Promise<void>;
  /** Ends it for good, and removes its data. */
  end(): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL('program.mjs', import.meta.url));

/** Starts a PostgreSQL of one's own, in about two seconds: for tests that stop it. It ends with the process that started it, however that ends. */
export async function startPostgres(): Promise<PostgresServer> {
  const child = spawn(process.execPath, [PROGRAM], { stdio: ['pipe', 'pipe', 'pipe'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const [, url] = /^ready (.+)$/.exec(await nextLine(child, lines)) ?? [];
  if (url === undefined) throw new Error('PostgreSQL did not say that it is ready.');
  const say = async (command: string) => {
    child.stdin.write(`${command}\n`);
    await nextLine(child, lines);
  };
  const end = async () => {
    const exited = child.exitCode === null ? once(child, 'exit') : undefined;
    child.stdin.end();
    await exited;
  };
  return { url, stop: () => say('stop'), kill: () => say('kill'), start: () => say('start'), end, [Symbol.asyncDispose]: end };
}

async function nextLine(child: ChildProcessByStdio<Writable, Readable, Readable>, lines: AsyncIterator<string>): Promise<string> {
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const line = await lines.next();
  if (line.done === true) throw new Error(errors);
  return line.value;
}
