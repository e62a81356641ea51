/** Starts an application whose clock stands still until a test moves it, for the tests beside this file. */
import { Application, type ApplicationOptions, type ConcreteClass, createApplication, type TaskState } from '@tsukimi/core';
import { onTestFinished, vi } from 'vitest';

export type LogLine = Readonly<Record<string, unknown>> & { readonly level: number; readonly msg: string };

export interface Clockwork {
  readonly app: Awaited<ReturnType<typeof createApplication>>;
  readonly logs: readonly LogLine[];
  /** The only task, or the one of that name. */
  task(name?: string): TaskState | undefined;
  /** Moves the clock, and lets everything happen that is due by then. */
  pass(durationMs: number): Promise<void>;
}

/** 2026-03-01T00:00:00Z, a Sunday. */
export const START = Date.UTC(2026, 2, 1);

export async function clockwork(components: readonly ConcreteClass[], options: ApplicationOptions = {}): Promise<Clockwork> {
  vi.useFakeTimers({ now: START, toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
  @Application({ components })
  class App {}
  const logs: LogLine[] = [];
  const app = await createApplication(App, {
    configuration: { server: { port: 0 } },
    environment: {},
    logger: { stream: { write: (line: string) => logs.push(JSON.parse(line)) } },
    ...options,
  });
  onTestFinished(async () => {
    await app.close();
    vi.useRealTimers();
  });
  return {
    app,
    logs,
    task: (name) => app.scheduler.tasks.find((task) => name === undefined || task.name === name),
    pass: async (durationMs) => {
      await vi.advanceTimersByTimeAsync(durationMs);
    },
  };
}

/** The milliseconds since the start of the test. */
export function elapsedMs(): number {
  return Date.now() - START;
}

/** Work that lasts until it is told to end. */
export class Gate {
  readonly #waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];

  pass(): Promise<void> {
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  open(): void {
    this.#waiting.shift()?.resolve();
  }

  break(error: Error): void {
    this.#waiting.shift()?.reject(error);
  }
}
