/** The thresholds of panels: red from where the alert of the same subject fires, orange well before. */
import type { Thresholds } from '../panels/panel.js';
import { DEFAULT_THRESHOLDS } from '../rules/alert-thresholds.js';

const { httpFailureRatio, httpRouteFailureRatio, httpP95Seconds, httpRouteP99Seconds, requestsInFlight } = DEFAULT_THRESHOLDS;
const { httpHostFailureRatio } = DEFAULT_THRESHOLDS;
const { componentFailureRatio, taskRunSeconds, cpuCores, heapLimitBytes, heapUsedRatio } = DEFAULT_THRESHOLDS;
const { eventLoopLagP99Seconds, eventLoopUtilizationRatio } = DEFAULT_THRESHOLDS;

export const ERROR_RATE: Thresholds = { warning: httpFailureRatio / 5, critical: httpFailureRatio };
export const ROUTE_ERROR_RATE: Thresholds = { warning: httpRouteFailureRatio / 5, critical: httpRouteFailureRatio };
export const MEAN_SECONDS: Thresholds = { warning: httpP95Seconds / 4, critical: httpP95Seconds };
export const P95_SECONDS: Thresholds = { warning: httpP95Seconds / 2, critical: httpP95Seconds };
export const P99_SECONDS: Thresholds = { warning: httpP95Seconds, critical: httpRouteP99Seconds };
export const IN_FLIGHT: Thresholds = { warning: requestsInFlight / 2, critical: requestsInFlight };
export const COMPONENT_FAILURE_RATE: Thresholds = { warning: componentFailureRatio / 5, critical: componentFailureRatio };
export const HOST_FAILURE_RATE: Thresholds = { warning: httpHostFailureRatio / 5, critical: httpHostFailureRatio };
export const TASK_SECONDS: Thresholds = { warning: taskRunSeconds / 2, critical: taskRunSeconds };
export const EVENT_LOOP_LAG_SECONDS: Thresholds = { warning: eventLoopLagP99Seconds / 2.5, critical: eventLoopLagP99Seconds };
export const EVENT_LOOP_UTILIZATION: Thresholds = { warning: 0.7, critical: eventLoopUtilizationRatio };
export const CPU_PERCENT: Thresholds = { warning: 70, critical: cpuCores * 100 };
export const HEAP_BYTES: Thresholds = { warning: heapLimitBytes * 0.75, critical: heapLimitBytes * heapUsedRatio };
