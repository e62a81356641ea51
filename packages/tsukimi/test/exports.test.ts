/** `tsukimi` is all one needs to import: everything of the three packages, no name twice, and reflect-metadata loaded. */
import * as core from '@tsukimi/core';
import * as instrumentation from '@tsukimi/instrumentation';
import * as metrics from '@tsukimi/metrics';
import * as tsukimi from 'tsukimi';
import { expect, test } from 'vitest';

test('it has every export of the three packages', () => {
  const names = [core, instrumentation, metrics].flatMap((each) => Object.keys(each));
  expect(new Set(names).size).toBe(names.length);
  expect(Object.keys(tsukimi).sort()).toEqual(names.sort());
});

test('it loads reflect-metadata', () => {
  expect(typeof Reflect.getMetadata).toBe('function');
});
