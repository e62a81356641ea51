/** The compatibility kit, with totals and with increases. */

import { type ExporterUnderTest, exporterSuite } from '@tsukimi/metrics/testing';
import { exportToOtlp, type OtlpMetricsOptions } from '@tsukimi/opentelemetry';
import { describe, test } from 'vitest';
import { MetricsSide } from '../support/metrics-side.js';

function subject(options: OtlpMetricsOptions): ExporterUnderTest<MetricsSide> {
  return {
    name: 'opentelemetry',
    acknowledges: true,
    faults: ['hang', 'refuse', 'fill', 'lose-answers'],
    open: () => MetricsSide.open(),
    start: ({ registry, otherSide, secret, ...loop }) =>
      exportToOtlp(registry, { ...options, ...loop, endpoint: `http://kit:${encodeURIComponent(secret)}@127.0.0.1:${otherSide.port}` }),
  };
}

describe.each([['cumulative'], ['delta']] as const)('%s', (temporality) => {
  for (const { name, run, excused } of exporterSuite(subject({ temporality }))) test.skipIf(excused)(name, run, 60_000);
});
