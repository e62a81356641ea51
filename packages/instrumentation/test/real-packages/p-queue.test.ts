/** p-queue: a class that extends an emitter, with private state, time-outs and abort signals. */
import PQueue from 'p-queue';
import { expect, test } from 'vitest';
import { bothWays } from './support/both-ways.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('a queue with priorities, pauses, errors and events', async () => {
  const counted = await bothWays(async (wire, tell) => {
    const queue = wire(new PQueue({ concurrency: 2, autoStart: false }));
    for (const event of ['active', 'completed', 'error', 'idle', 'empty', 'add', 'next'] as const) queue.on(event, () => tell(event));
    const job = (name: string) => async () => {
      tell(`begin ${name}`);
      await turn();
      tell(`end ${name}`);
      return name;
    };
    const all = [
      queue.add(job('low'), { priority: 0 }),
      queue.add(job('high'), { priority: 10, id: 'high' }),
      queue.addAll([job('x'), job('y')]),
    ];
    const failing = queue.add(async () => {
      throw new TypeError('in the queue');
    });
    failing.catch((error: unknown) => tell(error));
    tell(queue.size, queue.pending, queue.isPaused, queue.sizeBy({ priority: 10 }));
    queue.setPriority('high', -1);
    tell(queue.start() === queue);
    tell(await Promise.all(all));
    await queue.onIdle();
    queue.pause();
    const aborted = new AbortController();
    const waiting = queue.add(job('aborted'), { signal: aborted.signal });
    aborted.abort(new Error('not any more'));
    await waiting.catch((error: unknown) => tell(error));
    queue.clear();
    tell(queue.size, queue.concurrency, queue.listenerCount('idle'), queue.isSaturated);
    queue.concurrency = 5;
    await queue.onSizeLessThan(1);
    tell(queue.concurrency);
  });
  // One add by the script for each job, and one by addAll for each of its own.
  expect(counted).toMatchObject({ add: { success: 4, failure: 2 }, addAll: { success: 1 }, pause: { success: 1 }, onIdle: { success: 1 } });
});
