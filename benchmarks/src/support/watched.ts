/** What asynchronous work costs: its CPU time, and how long it keeps the event loop. */

export async function cpuOf<T>(work: () => Promise<T>): Promise<{ readonly cpu: number; readonly result: T }> {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / 1000, result };
}

/** Runs work while a chain of immediates watches how long each turn of the event loop takes. */
export async function watched(work: () => Promise<unknown>): Promise<{ readonly time: number; readonly block: number }> {
  let block = 0;
  let last = performance.now();
  let watching = true;
  const watch = (): void => {
    const now = performance.now();
    block = Math.max(block, now - last);
    last = now;
    if (watching) setImmediate(watch);
  };
  setImmediate(watch);
  const start = performance.now();
  await work();
  const time = performance.now() - start;
  watching = false;
  watch();
  return { time, block };
}
