/** The compatibility kit for exporters: a suite that every exporter must pass, with any test runner. */
export {
  type ExporterCase,
  exporterSuite,
} from './exporter-suite.js';
export type { ExporterStart, ExporterUnderTest, Fault, LoggedLine, OtherSide, RunningExporter } from './exporter-under-test.js';
