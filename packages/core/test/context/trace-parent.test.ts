/** Reading the W3C trace context: the examples of the specification, and any text. */
import { contextHeaders, isRequestId, type TraceParent, traceParentOf } from '@tsukimi/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

test('a valid header is read', () => {
  const read: TraceParent = { traceId: TRACE, spanId: SPAN, flags: 1, isSampled: true, tracestate: 'a=1' };
  expect(traceParentOf(`00-${TRACE}-${SPAN}-01`, 'a=1')).toEqual(read);
  expect(traceParentOf(`00-${TRACE}-${SPAN}-00`)).toEqual({ ...read, flags: 0, isSampled: false, tracestate: undefined });
});

test('a later version may have more fields, version 00 may not', () => {
  expect(traceParentOf(`cc-${TRACE}-${SPAN}-01-what-the-future-brings`)?.traceId).toBe(TRACE);
  expect(traceParentOf(`cc-${TRACE}-${SPAN}-01.what`)).toBeUndefined();
  expect(traceParentOf(`00-${TRACE}-${SPAN}-01-more`)).toBeUndefined();
});

test.each([
  ['the version ff', `ff-${TRACE}-${SPAN}-01`],
  ['upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
  ['a trace id of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
  ['a span id of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
  ['a short id', `00-${TRACE.slice(1)}-${SPAN}-01`],
  ['two headers in one', `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`],
  ['spaces around', ` 00-${TRACE}-${SPAN}-01`],
  ['a line break behind', `00-${TRACE}-${SPAN}-01\n`],
  ['nothing', ''],
])('%s is ignored', (_, header) => {
  expect(traceParentOf(header)).toBeUndefined();
});

const hexadecimal = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));

test('what is well-formed is read as it was written, and nothing else is read', () => {
  fc.assert(
    fc.property(hexadecimal(32), hexadecimal(16), fc.integer({ min: 0, max: 255 }), (traceId, spanId, flags) => {
      const isZero = /^0+$/.test(traceId) || /^0+$/.test(spanId);
      const read = traceParentOf(`00-${traceId}-${spanId}-${flags.toString(16).padStart(2, '0')}`);
      expect(read).toEqual(isZero ? undefined : { traceId, spanId, flags, isSampled: flags % 2 === 1, tracestate: undefined });
    }),
  );
  fc.assert(fc.property(fc.string(), (text) => traceParentOf(text) === undefined));
});

test('a request id is 1 to 128 characters of visible ASCII', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 140 }), (text) => {
      const isVisible = [...text].every((each) => each >= '!' && each <= '~');
      expect(isRequestId(text)).toBe(isVisible && text.length >= 1 && text.length <= 128);
    }),
  );
  fc.assert(fc.property(fc.stringMatching(/^[!-~]{1,128}$/), (text) => isRequestId(text)));
});

test('outside of a request there is nothing to pass on', () => {
  expect(contextHeaders()).toEqual({});
});
