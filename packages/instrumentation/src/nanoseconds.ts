/** Clock readings as plain numbers, by the engine's way: a call that is measured allocates nothing. */
export { nanoseconds } from '@tsukimi/metrics';
