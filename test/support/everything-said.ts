/** Everything that comes out of a run: what it throws with all its causes, what it logs and warns of, what it writes. */
import { inspect } from 'node:util';

/** What a logger of pino's writes to. */
export interface LogStream {
  write(line: string): void;
}

/** Runs it, and gives all its output as one text; what it returns, and that it throws, is part of that only where it is an error. */
export async function everythingSaid(run: (stream: LogStream) => unknown): Promise<string> {
  const said: string[] = [];
  const onWarning = (warning: Error): void => void said.push(fullText(warning));
  const restore = [process.stdout, process.stderr].map((stream) => {
    const write = stream.write;
    stream.write = ((chunk: unknown, ...rest: readonly unknown[]) => {
      said.push(String(chunk));
      return Reflect.apply(write, stream, [chunk, ...rest]) as boolean;
    }) as typeof stream.write;
    return () => {
      stream.write = write;
    };
  });
  process.on('warning', onWarning);
  try {
    await run({ write: (line) => void said.push(line) });
  } catch (error) {
    said.push(fullText(error));
  } finally {
    // Warnings are emitted in the next tick.
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', onWarning);
    for (const each of restore) each();
  }
  return said.join('\n');
}

/** All that can be seen of something thrown: properties that are hidden too, and its causes. */
export function fullText(thrown: unknown): string {
  const all = {
    depth: null,
    showHidden: true,
    maxStringLength: null,
    maxArrayLength: null,
    breakLength: Number.POSITIVE_INFINITY,
  } as const;
  return `${inspect(thrown, all)}\n${thrown instanceof Error ? `${thrown.message}\n${thrown.stack}` : String(thrown)}`;
}
