/** Where values begin to look wrong: red from where the alert of the same subject fires, orange well before. */
import type { Thresholds } from '../panels/panel.js';
import { DEFAULT_THRESHOLDS } from '../rules/thresholds.js';

const { httpFailureRatio, httpP95Seconds, httpRouteP99Seconds, requestsInFlight, eventLoopLagP99Seconds, cpuCores } = DEFAULT_THRESHOLDS;

export const ERROR_RATE: Thresholds = { warning: httpFailureRatio / 5, critical: httpFailureRatio };
export const MEAN_SECONDS: Thresholds = { warning: httpP95Seconds / 4, critical: httpP95Seconds };
export const P95_SECONDS: Thresholds = { warning: httpP95Seconds / 2, critical: httpP95Seconds };
export const P99_SECONDS: Thresholds = { warning: httpP95Seconds, critical: httpRouteP99Seconds };
export const IN_FLIGHT: Thresholds = { warning: requestsInFlight / 2, critical: requestsInFlight };
export const EVENT_LOOP_LAG_SECONDS: Thresholds = { warning: eventLoopLagP99Seconds / 2.5, critical: eventLoopLagP99Seconds };
export const CPU_PERCENT: Thresholds = { warning: 70, critical: cpuCores * 100 };
