/** The compatibility kit: an exporter as it should be passes, and each of the broken ones fails the case that is about its mistake. */
import { type Exporter, type MetricsDelta, startExporter as startLoop } from '@tsukimi/metrics';
import { type ExporterStart, type ExporterUnderTest, exporterSuite, type RunningExporter } from '@tsukimi/metrics/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { HttpCollector } from '../support/http-collector.js';
import { httpExporter } from '../support/http-exporter.js';

type Start = ExporterStart<HttpCollector>;

function subject(start: (given: Start, exporter: Exporter<MetricsDelta>) => RunningExporter): ExporterUnderTest<HttpCollector> {
  return {
    name: 'http',
    faults: ['hang', 'refuse', 'fill', 'lose-answers'],
    open: () => HttpCollector.open(),
    start: (given) => start(given, httpExporter({ ...given, port: given.otherSide.port })),
  };
}

const sound = subject((given, exporter) => startExporter(exporter, given));

describe('an exporter as it should be', () => {
  for (const { name, run, excused } of exporterSuite(sound)) {
    test(name, async () => {
      expect(excused).toBeUndefined();
      await run();
    }, 60_000);
  }
});

/** By mistake: the case that must catch it, what it says, and the exporter. */
const BROKEN: readonly [mistake: string, caughtBy: string, says: RegExp, start: Parameters<typeof subject>[0]][] = [
  [
    'sends the totals again with each push',
    'what is recorded arrives, once',
    /other totals than what was recorded/,
    (given, exporter) => startExporter({ ...exporter, read: () => httpExporter({ ...given, port: given.otherSide.port }).read() }, given),
  ],
  [
    'sends a batch again as a new one',
    'the other side takes a push, but its answer is lost',
    /Counted twice|other totals/,
    (given, exporter) => {
      let sent = 0;
      return startExporter({ ...exporter, send: (batch, at) => exporter.send(batch, { ...at, sequence: ++sent }) }, given);
    },
  ],
  [
    'drops a batch that was not taken',
    'the other side is restarted',
    /recorded were/,
    (given, exporter) => startExporter({ ...exporter, send: (batch, at) => exporter.send(batch, at).catch(() => undefined) }, given),
  ],
  [
    'takes a refusal for a confirmation',
    'the other side refuses',
    /recorded were/,
    (given, exporter) =>
      startExporter({ ...exporter, send: (batch, at) => exporter.send(batch, at).catch(ignoring(/answered 401/)) }, given),
  ],
  [
    'takes "full" for a confirmation',
    'the other side is full',
    /recorded were/,
    (given, exporter) =>
      startExporter({ ...exporter, send: (batch, at) => exporter.send(batch, at).catch(ignoring(/answered 507/)) }, given),
  ],
  [
    'gives up for good',
    'the other side is absent at the start',
    /recorded were/,
    (given, exporter) => {
      let isDead = false;
      const send: typeof exporter.send = async (batch, at) => {
        if (isDead) throw new Error('gave up');
        await exporter.send(batch, at).catch((error: unknown) => {
          isDead = true;
          throw error;
        });
      };
      return startExporter({ ...exporter, send }, given);
    },
  ],
  [
    'shows the address with its password',
    'no log line, error or metric contains the credentials',
    /contains the credential/,
    (given, exporter) => startExporter({ ...exporter, secrets: [], target: `http://kit:${given.secret}@127.0.0.1` }, given),
  ],
  [
    'shows an answer that repeats the password',
    'no log line, error or metric contains the credentials: the other side refuses',
    /contains the credential/,
    (given, exporter) => startExporter({ ...exporter, secrets: [] }, given),
  ],
  [
    'never ends its stop',
    'it stops within its limit if the other side is absent',
    /stop\(\) took/,
    (given, exporter) => ({ ...running(startExporter(exporter, given)), stop: () => new Promise(() => undefined) }),
  ],
  [
    'waits for an answer longer than its limit when it stops',
    'it stops within its limit if the other side does not answer',
    /stop\(\) took/,
    (given, exporter) => {
      const loop = startExporter(exporter, { ...given, timeoutMs: 30_000 });
      return { ...running(loop), stop: () => loop.stop({ timeoutMs: 30_000 }) };
    },
  ],
  [
    'does not send the last values',
    'the last values arrive when it stops',
    /not confirmed|after the stop/,
    (given, exporter) => {
      const loop = startExporter(exporter, { ...given, intervalMs: 60_000 });
      return { ...running(loop), stop: () => loop.stop({ timeoutMs: 1 }) };
    },
  ],
  [
    'goes on after its stop',
    'the last values arrive when it stops',
    /goes on after stop/,
    (given, exporter) => {
      const loop = startExporter(exporter, given);
      const stop = () => loop.flush();
      return { ...running(loop), stop: async () => (await stop()) || true };
    },
  ],
  [
    'blocks the event loop',
    'a push does not block the application',
    /blocked the event loop for/,
    (given, exporter) => {
      const send: typeof exporter.send = (batch, at) => {
        busyFor(80);
        return exporter.send(batch, at);
      };
      return startExporter({ ...exporter, send }, given);
    },
  ],
  [
    'logs each failure',
    'each change of state is logged once, and the metrics about the exporter are right',
    /logged once/,
    (given, exporter) => {
      const send: typeof exporter.send = (batch, at) =>
        exporter.send(batch, at).catch((error: unknown) => {
          given.logger.warn({}, 'failed');
          throw error;
        });
      return startExporter({ ...exporter, send }, given);
    },
  ],
  [
    'says that it is up when nothing was confirmed',
    'each change of state is logged once, and the metrics about the exporter are right',
    /exporter_pushes_total does not count failed pushes/,
    (given, exporter) => startExporter({ ...exporter, send: (batch, at) => exporter.send(batch, at).catch(() => undefined) }, given),
  ],
  [
    "resets the application's metrics",
    "the application's own metrics stay as they are",
    /has changed the metrics of the application/,
    (given, exporter) => {
      const read = async () => {
        const delta = await exporter.read();
        given.registry.resetMetrics();
        return delta;
      };
      return startExporter({ ...exporter, read }, given);
    },
  ],
  [
    'leaves rejections unhandled',
    'it stops within its limit if the other side is absent',
    /left rejections unhandled/,
    (given, exporter) => {
      void Promise.reject(new Error('nobody listens'));
      return startExporter(exporter, given);
    },
  ],
];

test.each(BROKEN)(
  'an exporter that %s is caught by "%s"',
  async (_, caughtBy, says, start) => {
    const broken = { ...subject(start), patienceMs: 1_500 };
    const found = exporterSuite(broken).find(({ name }) => name === caughtBy);
    await expect(found?.run()).rejects.toThrow(says);
  },
  60_000,
);

test('what an exporter can not show is excused, with the reason', () => {
  const suite = exporterSuite({ ...sound, faults: [], acknowledges: false });
  expect(suite.flatMap(({ name, excused }) => (excused === undefined ? [] : [[name, excused]]))).toEqual([
    ['the other side is slow', 'the other side of the test can\'t have the fault "hang"'],
    ['the other side refuses', 'the other side of the test can\'t have the fault "refuse"'],
    ['the other side is full', 'the other side of the test can\'t have the fault "fill"'],
    ['the other side takes a push, but its answer is lost', 'the other side of the test can\'t have the fault "lose-answers"'],
    ['each change of state is logged once, and the metrics about the exporter are right', 'the other side confirms nothing'],
    ['it stops within its limit if the other side does not answer', 'the other side of the test can\'t have the fault "hang"'],
    [
      'no log line, error or metric contains the credentials: the other side refuses',
      'the other side of the test can\'t have the fault "refuse"',
    ],
    [
      'no log line, error or metric contains the credentials: the other side is slow',
      'the other side of the test can\'t have the fault "hang"',
    ],
  ]);
});

/** A loop that ends with its test, also where a broken exporter never stops it. */
function startExporter(...given: Parameters<typeof startLoop<MetricsDelta>>): RunningExporter {
  const loop = startLoop(...given);
  onTestFinished(async () => void (await loop.stop({ timeoutMs: 1 })));
  return loop;
}

function running(loop: RunningExporter): RunningExporter {
  return { flush: (limits) => loop.flush(limits), stop: (limits) => loop.stop(limits) };
}

function ignoring(message: RegExp): (error: unknown) => undefined {
  return (error) => {
    if (!message.test(String(error))) throw error;
    return undefined;
  };
}

function busyFor(durationMs: number): void {
  const endMs = performance.now() + durationMs;
  while (performance.now() < endMs);
}
