/** Every check, in the order in which they run and docs/guides/doctor.md explains them. */
import type { Check } from '../finding.js';
import { circularImports } from './circular-imports.js';
import { configuration } from './configuration.js';
import { container } from './container.js';
import { decoratorFlags } from './decorator-flags.js';
import { decoratorUse } from './decorator-use.js';
import { duplicatePackages } from './duplicate-packages.js';
import { injectedType, typeOnlyImport, undecoratedClass } from './injected-types.js';
import { moduleType, nodeVersion } from './node-runtime.js';
import { notInstrumented } from './not-instrumented.js';
import { openAllowlist } from './open-allowlist.js';
import { publishedMetrics } from './published-metrics.js';
import { requestParameter } from './request-parameter.js';
import { routeUse } from './route-use.js';
import { scan } from './scan.js';
import { startOptions } from './start-options.js';
import { toolsWithoutMetadata } from './tools-without-metadata.js';
import { valueKey } from './value-key.js';

export const CHECKS: readonly Check[] = [
  nodeVersion,
  moduleType,
  decoratorFlags,
  typeOnlyImport,
  injectedType,
  undecoratedClass,
  circularImports,
  scan,
  startOptions,
  decoratorUse,
  routeUse,
  requestParameter,
  toolsWithoutMetadata,
  duplicatePackages,
  notInstrumented,
  configuration,
  valueKey,
  openAllowlist,
  publishedMetrics,
  container,
];
