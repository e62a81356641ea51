/** Every check, in the order in which they run and docs/guides/doctor.md explains them. */
import type { Check } from '../finding.js';
import { configuration } from './configuration.js';
import { decoratorFlags } from './decorator-flags.js';
import { duplicatePackages } from './duplicate-packages.js';
import { injectedType } from './injected-type.js';
import { moduleType } from './module-type.js';
import { nodeVersion } from './node-version.js';
import { notInstrumented } from './not-instrumented.js';
import { openAllowlist } from './open-allowlist.js';
import { publishedMetrics } from './published-metrics.js';
import { toolsWithoutMetadata } from './tools-without-metadata.js';
import { typeOnlyImport } from './type-only-import.js';

export const CHECKS: readonly Check[] = [
  nodeVersion,
  moduleType,
  decoratorFlags,
  typeOnlyImport,
  injectedType,
  toolsWithoutMetadata,
  duplicatePackages,
  notInstrumented,
  configuration,
  openAllowlist,
  publishedMetrics,
];
