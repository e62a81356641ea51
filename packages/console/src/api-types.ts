/**
 * The JSON of the live page, below `/metrics/ui/api/`: what the server sends, and what the page reads.
 *
 * Types only, so that the page can be built from them. Times are in seconds since 1970, durations in seconds, shares and rates of
 * errors between 0 and 1. `null` is what there is no value for. Names, messages and values come from the application: show them as text.
 */
export type * from './api/common.js';
export type * from './api/detail.js';
export type * from './api/live.js';
export type * from './api/map.js';
export type * from './api/meta.js';
export type * from './api/metrics.js';
export type * from './api/overview.js';
export type * from './api/scheduler.js';
export type * from './api/settings.js';
export type * from './api/tables.js';
