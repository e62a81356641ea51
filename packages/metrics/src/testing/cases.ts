/** The cases of the compatibility kit. */
import { strict as assert } from 'node:assert';
import { setImmediate } from 'node:timers';
import { unfaked } from '../real-timers.js';
import type { Fault } from './exporter-under-test.js';
import type { Stage } from './stage.js';

/** A case for every exporter, or for those whose other side has a fault or confirms. */
export interface KitCase {
  readonly name: string;
  readonly needs?: Fault | 'confirmation';
  play(stage: Stage, limits: { readonly maxBlockMs: number }): Promise<void>;
}

const once: KitCase = {
  name: 'what is recorded arrives, once',
  async play(stage) {
    await stage.otherSide.start();
    const exporter = await stage.start();
    for (const amount of [5, 1, 3]) {
      stage.record('a', amount);
      stage.record('b');
      await stage.arrived(exporter);
    }
    for (let push = 0; push < 3; push += 1) await exporter.flush();
    assert.deepEqual(await stage.totals(), stage.expected, 'Pushes without new values have changed the totals.');
  },
};

const untouched: KitCase = {
  name: "the application's own metrics stay as they are",
  async play(stage) {
    await stage.otherSide.start();
    const exporter = await stage.start();
    stage.record('a', 7);
    await stage.arrived(exporter);
    const text = await stage.registry.expose({ names: ['kit_events_total'] });
    assert.match(text, /^kit_events_total\{part="a"\} 7$/m, 'The exporter has changed the metrics of the application.');
  },
};

const absent: KitCase = {
  name: 'the other side is absent at the start',
  async play(stage) {
    const exporter = await stage.start();
    stage.record('a', 2);
    if (stage.acknowledges) {
      assert.equal(await exporter.flush({ timeoutMs: 500 }), false, 'flush() says that everything arrived, but there is nobody.');
      await stage.logged('warn');
    }
    stage.record('a', 3);
    await stage.otherSide.start();
    await recovered(stage, exporter);
  },
};

const restarted: KitCase = {
  name: 'the other side is restarted',
  async play(stage) {
    await stage.otherSide.start();
    const exporter = await stage.start();
    stage.record('a', 2);
    await stage.arrived(exporter);
    for (let restart = 0; restart < 2; restart += 1) {
      await stage.otherSide.stop();
      stage.record('a');
      await exporter.flush({ timeoutMs: 500 });
      stage.record('b', 4);
      await stage.otherSide.start();
      await recovered(stage, exporter);
    }
  },
};

const FAULTS: Readonly<Record<Fault, string>> = {
  hang: 'the other side is slow',
  refuse: 'the other side refuses',
  fill: 'the other side is full',
  'lose-answers': 'the other side takes a push, but its answer is lost',
};

function faulty(fault: Fault): KitCase {
  return {
    name: FAULTS[fault],
    needs: fault,
    async play(stage) {
      await stage.otherSide.start();
      const exporter = await stage.start();
      stage.record('a');
      await stage.arrived(exporter);
      await stage.set(fault, true);
      for (const part of ['a', 'b', 'a']) {
        stage.record(part, 2);
        await exporter.flush({ timeoutMs: 500 });
      }
      await stage.notTooMuch();
      await stage.set(fault, false);
      await recovered(stage, exporter);
    },
  };
}

const states: KitCase = {
  name: 'each change of state is logged once, and the metrics about the exporter are right',
  needs: 'confirmation',
  async play(stage) {
    const exporter = await stage.start();
    const failed = async () => (await stage.exporterMetric('exporter_pushes_total', { outcome: 'failure' })) ?? 0;
    const timedOut = async () => (await stage.exporterMetric('exporter_pushes_total', { outcome: 'timeout' })) ?? 0;
    await stage.eventually(
      async () => (await failed()) + (await timedOut()) >= 3,
      () => 'exporter_pushes_total does not count failed pushes.',
    );
    assert.equal(await stage.exporterMetric('exporter_up'), 0, 'exporter_up is not 0 while the other side is absent.');
    assert.deepEqual(
      stage.lines.map(({ level }) => level),
      ['warn'],
      'Several failures in a row are logged once.',
    );
    await stage.otherSide.start();
    stage.record('a');
    await stage.arrived(exporter);
    // What has arrived is confirmed a little later; on a busy machine, not within the time limit of that push, but of one of the next.
    await stage.eventually(
      async () => (await stage.exporterMetric('exporter_up')) === 1,
      () => 'exporter_up is not 1 after a push that was confirmed.',
    );
    const age = Date.now() / 1000 - ((await stage.exporterMetric('exporter_last_success_timestamp_seconds')) ?? 0);
    assert.ok(age < 60, `exporter_last_success_timestamp_seconds is ${age} seconds old.`);
    const levels = stage.lines.map(({ level }) => level);
    assert.deepEqual(levels.slice(0, 2), ['warn', 'info'], 'The recovery is not logged.');
    // On a busy machine, a later push may take too long: that is a change of its own, and so is what follows.
    assert.ok(
      levels.every((level, index) => level !== levels[index - 1]),
      `A state is logged twice: ${levels.join(', ')}.`,
    );
  },
};

const lastValues: KitCase = {
  name: 'the last values arrive when it stops',
  async play(stage) {
    await stage.otherSide.start();
    const exporter = await stage.start();
    stage.record('a');
    await stage.arrived(exporter);
    stage.record('a', 9);
    assert.equal(await stage.stopped(exporter, 2_000), true, 'stop() says that the last values were not confirmed.');
    assert.equal(await exporter.stop(), true, 'A second stop() has another result.');
    await stage.eventually(
      async () => (await stage.totals())['a'] === 10,
      async () => `The other side has ${(await stage.totals())['a']} after the stop; recorded were 10.`,
    );
    stage.record('a', 5);
    await exporter.flush({ timeoutMs: 200 });
    assert.equal((await stage.totals())['a'], 10, 'The exporter goes on after stop().');
  },
};

const stopsAlone: KitCase = {
  name: 'it stops within its limit if the other side is absent',
  async play(stage) {
    const exporter = await stage.start();
    stage.record('a');
    const isConfirmed = await stage.stopped(exporter, 400);
    if (stage.acknowledges) assert.equal(isConfirmed, false, 'stop() says that everything arrived, but there is nobody.');
  },
};

const stopsHanging: KitCase = {
  name: 'it stops within its limit if the other side does not answer',
  needs: 'hang',
  async play(stage) {
    await stage.otherSide.start();
    await stage.set('hang', true);
    const exporter = await stage.start();
    stage.record('a');
    const isConfirmed = await stage.stopped(exporter, 400);
    if (stage.acknowledges) assert.equal(isConfirmed, false, 'stop() says that everything arrived, but nothing was answered.');
    await stage.set('hang', false);
  },
};

function secretive(fault: Fault | undefined): KitCase {
  return {
    name: `no log line, error or metric contains the credentials${fault === undefined ? '' : `: ${FAULTS[fault]}`}`,
    ...(fault !== undefined && { needs: fault }),
    async play(stage) {
      if (fault !== undefined) await stage.otherSide.start();
      if (fault !== undefined) await stage.set(fault, true);
      const exporter = await stage.start();
      stage.record('a');
      await exporter.flush({ timeoutMs: 500 });
      if (stage.acknowledges) await stage.logged('warn');
      await stage.keepsSecret(exporter);
      if (fault === undefined) await stage.otherSide.start();
      else await stage.set(fault, false);
      await exporter.flush();
      await exporter.stop({ timeoutMs: 500 });
      await stage.keepsSecret(exporter);
    },
  };
}

const unblocked: KitCase = {
  name: 'a push does not block the application',
  async play(stage, { maxBlockMs }) {
    await stage.otherSide.start();
    const exporter = await stage.start();
    let blockMs = Number.POSITIVE_INFINITY;
    // What other programs do to this one shows in some of the rounds, what the exporter does in all of them.
    for (let round = 0; round < 20 && blockMs > maxBlockMs; round += 1) {
      for (let part = 0; part < 1_000; part += 1) stage.record(`part-${part}`);
      blockMs = Math.min(blockMs, await longestBlockMs(() => exporter.flush({ timeoutMs: 5_000 })));
    }
    assert.ok(
      blockMs <= maxBlockMs,
      `A push of 1,000 series blocked the event loop for ${Math.round(blockMs)} ms; ${maxBlockMs} ms are allowed.`,
    );
  },
};

/** Everything that memory could keep has arrived; without confirmations, nothing is there twice. */
async function recovered(stage: Stage, exporter: Parameters<Stage['arrived']>[0]): Promise<void> {
  if (stage.acknowledges) {
    await stage.arrived(exporter);
    return;
  }
  await exporter.flush();
  await stage.notTooMuch();
}

/** Returns the longest time between two turns of the event loop while some work is done. */
async function longestBlockMs(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  let isDone = false;
  const turn = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (!isDone) unfaked(setImmediate, 'setImmediate')(turn);
  };
  turn();
  await work();
  isDone = true;
  turn();
  return longest;
}

export const CASES: readonly KitCase[] = [
  once,
  untouched,
  absent,
  restarted,
  ...(Object.keys(FAULTS) as Fault[]).map(faulty),
  states,
  lastValues,
  stopsAlone,
  stopsHanging,
  ...[undefined, 'refuse' as const, 'hang' as const].map(secretive),
  unblocked,
];
