/** Tsukimi: one decorator measures a whole application. */
import 'reflect-metadata';
// Applications have the live page by default: it has to be known before one starts.
import '@tsukimi/console';

export * from '@tsukimi/core';
export * from '@tsukimi/instrumentation';
export * from '@tsukimi/metrics';
