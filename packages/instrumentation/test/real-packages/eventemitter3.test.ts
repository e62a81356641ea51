/** eventemitter3: a function with a prototype, as classes were written before there were classes. */
import { EventEmitter } from 'eventemitter3';
import { expect, test } from 'vitest';
import { bothWays } from './support/both-ways.js';

test('an emitter with contexts, symbols and listeners that come and go', async () => {
  const counted = await bothWays(async (wire, tell) => {
    const emitter = wire(new EventEmitter<'data' | 'end' | symbol>());
    const event = Symbol('event');
    const context = { name: 'context' };
    const listener = function (this: { name?: string }, ...values: unknown[]): void {
      tell(this.name, ...values);
      if (values.length > 2) emitter.off('data', listener);
    };
    tell(emitter.on('data', listener, context) === emitter, emitter.once('end', listener) === emitter);
    emitter.addListener(event, listener, { name: 'symbolic' });
    tell(
      emitter.emit('data', 1),
      emitter.emit('data', 1, 2, 3, 4, 5, 6, 7),
      emitter.emit('data'),
      emitter.emit(event),
      emitter.emit('end'),
      emitter.emit('end'),
    );
    tell(
      emitter.eventNames().length,
      emitter.listenerCount('data'),
      emitter.listeners(event).length,
      emitter.listeners(event)[0] === listener,
    );
    emitter.on('data', () => {
      throw new RangeError('in a listener');
    });
    try {
      emitter.emit('data');
    } catch (error) {
      tell(error);
    }
    emitter.removeAllListeners();
    tell(emitter.eventNames(), Object.keys(emitter), emitter instanceof EventEmitter);
  });
  expect(counted).toMatchObject({
    // `addListener` is `on`.
    on: { success: 3 },
    once: { success: 1 },
    emit: { success: 6, failure: 1 },
  });
});
