/** Checks the options of the Fastify plugin, and gives them their defaults. */
import type { AddressRanges, RequestObserver } from '@tsukimi/core';
import type { MetricsRegistry } from '@tsukimi/metrics';
import { allowedAddresses, allowedNames, trustedProxies } from '../endpoints/allowlist.js';
import type { AllowedHosts } from '../endpoints/browser-guard.js';
import { checkEndpointPath } from '../endpoints/path.js';
import { invalidOption, misspelledOption } from '../errors.js';
import type { Histograms } from '../histograms.js';
import { LeftOutRoutes } from '../http/left-out-routes.js';
import type { StatusOptions } from '../http/outcome-series.js';
import { checkedRequestLabels, type RequestLabels } from '../labels/request-labels.js';
import type { MetricNaming } from '../metric-naming.js';
import { OPTION_RULES, type RuledOption, violationOf } from './option-rules.js';
import type { HttpInstrumentationOptions } from './plugin-options.js';

/** The parsed options with their defaults. */
export interface CheckedOptions {
  readonly registry: MetricsRegistry;
  readonly path: string | null;
  readonly port: number | null;
  readonly allowed: AddressRanges;
  readonly hosts: AllowedHosts;
  readonly console: boolean;
  readonly profile: { readonly enabled: boolean | 'auto'; readonly heap: boolean };
  readonly trustedProxies: AddressRanges;
  readonly leftOutRoutes: LeftOutRoutes;
  readonly histograms: Histograms;
  readonly statuses: StatusOptions;
  readonly sizes: boolean;
  readonly requestLabels: RequestLabels | undefined;
  readonly naming: MetricNaming;
  readonly maxScrapesInFlight: number;
  readonly scrapeTimeoutMs: number;
  /** Who observes the request context; undefined if it is off. */
  readonly contextObservers: readonly RequestObserver[] | undefined;
  readonly processMetrics: boolean;
  readonly sampleIntervalMs: number;
}

const SOURCE = 'httpInstrumentation options';
const RULED = Object.keys(OPTION_RULES) as readonly RuledOption[];
const KNOWN: ReadonlyMap<string, string> = new Map([...RULED, 'path', 'requestLabels'].map((option) => [option.toLowerCase(), option]));

type Given = Required<Omit<HttpInstrumentationOptions, 'requestLabels'>>;

/** @throws TSK_ERR_INSTRUMENTATION_OPTION, TSK_ERR_HTTP_EXCLUDE, TSK_ERR_ENDPOINT_PATH, TSK_ERR_ENDPOINT_ADDRESS, TSK_ERR_ENDPOINT_HOST_NAME, with the option and the received value */
export function checkOptions(options: HttpInstrumentationOptions): CheckedOptions {
  checkPresence(options);
  checkSpelling(options);
  const given = withDefaults(options);
  checkRules(given);
  const { allowedIps, allowedHosts, trustProxy, exclude, labels, groupStatusCodes, profile, requestContext, ...taken } = given;
  return {
    ...taken,
    allowed: allowedAddresses(allowedIps, { key: 'allowedIps', source: SOURCE }),
    profile: { enabled: 'auto', heap: false, ...profile },
    hosts: allowedNames(allowedHosts, { key: 'allowedHosts', source: SOURCE }),
    trustedProxies: trustedProxies(trustProxy, { key: 'trustProxy', source: SOURCE }),
    leftOutRoutes: new LeftOutRoutes(exclude, { key: 'exclude', source: SOURCE }),
    statuses: { hasClassOnDurations: labels.length > 0, areGrouped: groupStatusCodes },
    requestLabels: checkedRequestLabels(options.requestLabels, SOURCE),
    contextObservers: requestContext === false ? undefined : requestContext === true ? [] : requestContext.observers,
  };
}

function withDefaults({
  registry,
  path = '/metrics',
  port = null,
  allowedIps = [],
  allowedHosts = [],
  console = false,
  profile = {},
  trustProxy = [],
  exclude = [],
  labels = [],
  groupStatusCodes = false,
  sizes = false,
  maxScrapesInFlight = 10,
  scrapeTimeoutMs = 30_000,
  naming = 'tsukimi',
  histograms = {},
  requestContext = false,
  processMetrics = true,
  sampleIntervalMs = 5000,
}: HttpInstrumentationOptions): Given {
  const lists = { allowedIps, allowedHosts, trustProxy, exclude, labels };
  const limits = { maxScrapesInFlight, scrapeTimeoutMs, sampleIntervalMs };
  return {
    registry,
    path,
    port,
    console,
    profile,
    groupStatusCodes,
    sizes,
    naming,
    histograms,
    requestContext,
    processMetrics,
    ...lists,
    ...limits,
  };
}

function checkRules(given: Given): void {
  const { path } = given;
  if (path !== null) checkEndpointPath(path, { key: 'path', source: SOURCE });
  for (const key of RULED) {
    const allowed = violationOf(key, given[key], path);
    if (allowed !== undefined) throw invalidOption({ key, value: given[key], source: SOURCE, allowed });
  }
}

/** As an absent option, a missing environment variable would allow everyone. */
function checkPresence(options: HttpInstrumentationOptions): void {
  for (const key of ['allowedIps', 'trustProxy'] as const) {
    const allowed = Object.hasOwn(options, key) && options[key] === undefined ? violationOf(key, undefined, null) : undefined;
    if (allowed !== undefined) throw invalidOption({ key, value: undefined, source: SOURCE, allowed });
  }
}

/** Refuses `allowed_ips` and `allowedIPs`: ignored, they would allow everyone. Other unknown options may be Fastify's or the user's own. */
function checkSpelling(options: object): void {
  for (const key of Object.keys(options)) {
    const meant = KNOWN.get(key.replaceAll(/[_-]/g, '').toLowerCase());
    if (meant !== undefined && meant !== key) throw misspelledOption({ key, source: SOURCE, meant });
  }
}
