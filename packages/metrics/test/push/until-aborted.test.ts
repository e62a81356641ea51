/** Work that does not know of a signal is left when the signal is aborted. */
import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { untilAborted } from '../../src/push/until-aborted.js';

test('the result, or the error, of work that ends before', async () => {
  const { signal } = new AbortController();
  expect(await untilAborted(Promise.resolve(1), signal)).toBe(1);
  await expect(untilAborted(Promise.reject(new Error('refused')), signal)).rejects.toThrow('refused');
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('the reason of a signal that is aborted before or meanwhile; what the work does later is nobody’s', async () => {
  const controller = new AbortController();
  const meanwhile = untilAborted(new Promise(() => {}), controller.signal);
  controller.abort(new Error('too late'));
  await expect(meanwhile).rejects.toThrow('too late');
  await expect(untilAborted(Promise.reject(new Error('nobody asks')), controller.signal)).rejects.toThrow('too late');
});
