/** The compatibility kit for exporters, against the reference daemon. */
import { type ExporterUnderTest, exporterSuite } from '@tsukimi/metrics/testing';
import { exportToStatsd } from '@tsukimi/statsd';
import { describe, test } from 'vitest';
import { StatsdDaemon } from './support/statsd-daemon.js';

/** The daemon, which is asked for the counters of the kit by their labels. */
class KitDaemon {
  readonly daemon: StatsdDaemon;

  constructor(daemon: StatsdDaemon) {
    this.daemon = daemon;
  }

  start = () => this.daemon.start();
  stop = () => this.daemon.stop();
  close = () => this.daemon.close();

  total(name: string, labels: Readonly<Record<string, string>>): number {
    return this.daemon.total([name.replace(/_total$/, '').replaceAll('_', '.'), ...Object.values(labels)].join('.'));
  }
}

const subject: ExporterUnderTest<KitDaemon> = {
  name: 'statsd',
  acknowledges: false,
  open: async () => new KitDaemon(await StatsdDaemon.open({ flushMs: 50 })),
  start: ({ otherSide, registry, secret, ...options }) => exportToStatsd(registry, { ...options, port: otherSide.daemon.port }),
};

describe('the kit', () => {
  for (const { name, run, excused } of exporterSuite(subject)) test.skipIf(excused)(name, run, 60_000);
});
