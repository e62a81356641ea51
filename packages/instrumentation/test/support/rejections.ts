/** Hears of rejections that nobody handles, in place of whoever listens now. */
import { setImmediate } from 'node:timers/promises';

/** Runs a script. @returns the messages of the rejections that nobody has handled a while after it */
export async function unhandledRejections(script: () => unknown): Promise<string[]> {
  const heard: string[] = [];
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', (reason) => heard.push(reason instanceof Error ? reason.message : String(reason)));
  try {
    await script();
    for (let turn = 0; turn < 3; turn += 1) await setImmediate();
  } finally {
    process.removeAllListeners('unhandledRejection');
    for (const other of others) process.on('unhandledRejection', other);
  }
  return heard;
}
