/** A PostgreSQL that lives as long as this process. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface LocalDatabase {
  readonly url: URL;
  /** Ends PostgreSQL and removes its data. */
  end(): Promise<void>;
}

const KEEPER = fileURLToPath(new URL('database-keeper.js', import.meta.url));

/** Starts it in a process group of its own: Ctrl-C in a terminal reaches the whole group, and the application still needs its database while it stops. */
export async function startLocalDatabase(): Promise<LocalDatabase> {
  const keeper = spawn(process.execPath, [KEEPER], { detached: true, stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(keeper, 'exit');
  const lines = createInterface({ input: keeper.stdout });
  const url = await Promise.race([
    once(lines, 'line').then(([line]) => new URL(String(line))),
    exited.then(() => Promise.reject(new Error('PostgreSQL did not start: see above.'))),
  ]);
  // Only the application decides how long this process lives.
  keeper.unref();
  for (const stream of [keeper.stdin, keeper.stdout]) (stream as unknown as { unref(): void }).unref();
  return {
    url,
    async end() {
      keeper.ref();
      keeper.stdin.end();
      await exited;
    },
  };
}
