/** Tsukimi: one decorator measures a whole application. */
import 'reflect-metadata';

export * from '@tsukimi/core';
export * from '@tsukimi/instrumentation';
export * from '@tsukimi/metrics';
