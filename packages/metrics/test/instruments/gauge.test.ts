/** Gauges: every call shape gives exactly this value. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { invalidLines, linesOf, openRegistry, untyped } from '../support/open-registry.js';

afterEach(() => {
  vi.useRealTimers();
});

function queue() {
  const opened = openRegistry();
  const gauge = opened.registry.gauge({ name: 'queue_size', help: 'Items.' });
  const labelled = opened.registry.gauge({ name: 'room_degrees', help: 'Degrees.', labelNames: ['room'] });
  return { ...opened, gauge, labelled };
}

test('set, inc and dec without labels', async () => {
  const { registry, gauge } = queue();
  expect(await linesOf(registry, 'queue_size')).toEqual(['queue_size 0']);
  gauge.set(10);
  gauge.inc();
  gauge.inc(2.5);
  gauge.dec();
  gauge.dec(20);
  expect(await linesOf(registry, 'queue_size')).toEqual(['queue_size -7.5']);
});

test('set, inc and dec with labels', async () => {
  const { registry, labelled } = queue();
  labelled.set({ room: 'hall' }, 20);
  labelled.inc({ room: 'hall' });
  labelled.inc({ room: 'hall' }, 4);
  labelled.dec({ room: 'hall' }, 2);
  labelled.dec({ room: 'cellar' });
  expect(await linesOf(registry, 'room_degrees')).toEqual(['room_degrees{room="hall"} 23', 'room_degrees{room="cellar"} -1']);
});

test('a series has the same methods', async () => {
  const { registry, labelled, advance } = queue();
  const hall = labelled.labels('hall');
  expect(labelled.labels({ room: 'hall' })).toBe(hall);
  hall.set(3);
  hall.inc();
  hall.inc(2);
  hall.dec();
  hall.dec(4);
  expect(hall.value).toBe(1);
  const stop = hall.startTimer();
  advance(250_000_000n);
  expect(stop()).toBe(0.25);
  expect(await linesOf(registry, 'room_degrees')).toEqual(['room_degrees{room="hall"} 0.25']);
  hall.reset();
  expect(await linesOf(registry, 'room_degrees')).toEqual(['room_degrees{room="hall"} 0']);
});

test('infinities are values', async () => {
  const { registry, gauge, labelled, errors } = queue();
  gauge.set(Number.POSITIVE_INFINITY);
  labelled.set({ room: 'hall' }, Number.NEGATIVE_INFINITY);
  expect(await linesOf(registry, 'queue_size')).toEqual(['queue_size +Inf']);
  expect(await linesOf(registry, 'room_degrees')).toEqual(['room_degrees{room="hall"} -Inf']);
  expect(errors).toEqual([]);
});

test('setToCurrentTime is the wall clock in seconds', async () => {
  vi.useFakeTimers({ now: 1_700_000_000_250, toFake: ['Date'] });
  const { registry, gauge, labelled } = queue();
  gauge.setToCurrentTime();
  labelled.setToCurrentTime({ room: 'hall' });
  vi.setSystemTime(1_700_000_001_000);
  labelled.labels('cellar').setToCurrentTime();
  expect(await linesOf(registry, 'queue_size')).toEqual(['queue_size 1700000000.25']);
  expect(await linesOf(registry, 'room_degrees')).toEqual([
    'room_degrees{room="hall"} 1700000000.25',
    'room_degrees{room="cellar"} 1700000001',
  ]);
});

describe('startTimer', () => {
  test('sets the seconds since and returns them', async () => {
    const { registry, gauge, advance } = queue();
    const stop = gauge.startTimer();
    advance(1_500_000_000n);
    expect(stop()).toBe(1.5);
    advance(500_000_000n);
    expect(stop()).toBe(2);
    expect(await linesOf(registry, 'queue_size')).toEqual(['queue_size 2']);
  });

  test('takes labels at either end, the later ones win, and keeps no object of the caller', async () => {
    const { registry, labelled, advance } = queue();
    const labels = { room: 'hall' };
    const stop = labelled.startTimer(labels);
    labels.room = 'changed';
    advance(1_000_000_000n);
    stop();
    labelled.startTimer(labels)({ room: 'cellar' });
    labelled.startTimer()({ room: 'attic' });
    expect(await linesOf(registry, 'room_degrees')).toEqual([
      'room_degrees{room="hall"} 1',
      'room_degrees{room="cellar"} 0',
      'room_degrees{room="attic"} 0',
    ]);
  });
});

test('remove and reset', async () => {
  const { registry, gauge, labelled } = queue();
  gauge.set(5);
  gauge.reset();
  expect(await linesOf(registry, 'queue_size')).toEqual(['queue_size 0']);
  gauge.remove();
  expect(await linesOf(registry, 'queue_size')).toEqual([]);
  gauge.dec();
  expect(await linesOf(registry, 'queue_size')).toEqual(['queue_size -1']);
  for (const room of ['a', 'b', 'c']) labelled.set({ room }, 1);
  labelled.remove('a');
  labelled.remove({ room: 'c' });
  expect(await linesOf(registry, 'room_degrees')).toEqual(['room_degrees{room="b"} 1']);
  labelled.reset();
  expect(await linesOf(registry, 'room_degrees')).toEqual([]);
});

describe('refused values', () => {
  const common: readonly (readonly [string, unknown])[] = [
    ['NaN', Number.NaN],
    ['a text', '5'],
    ['null', null],
    ['a bigint', 5n],
    ['a symbol', Symbol('five')],
  ];

  test.each([...common, ['undefined', undefined] as const])('set(%s) keeps the value', async (_, value) => {
    const { registry, gauge, codes } = queue();
    gauge.set(3);
    gauge.set(untyped(value));
    gauge.labels().set(untyped(value));
    expect(await linesOf(registry, 'queue_size')).toEqual(['queue_size 3']);
    expect(await invalidLines(registry)).toEqual(['metrics_invalid_values_total{metric="queue_size"} 2']);
    expect(codes()).toEqual(['TSK_ERR_METRIC_VALUE']);
  });

  test.each([...common, ['Infinity', Number.POSITIVE_INFINITY] as const])('inc(%s) and dec(%s) keep the value', async (_, value) => {
    const { registry, gauge, labelled, codes } = queue();
    gauge.set(3);
    gauge.inc(untyped(value));
    gauge.dec(untyped(value));
    labelled.inc({ room: 'hall' }, untyped(value));
    labelled.dec({ room: 'hall' }, untyped(value));
    expect(await linesOf(registry, 'queue_size')).toEqual(['queue_size 3']);
    expect(await invalidLines(registry)).toEqual([
      'metrics_invalid_values_total{metric="queue_size"} 2',
      'metrics_invalid_values_total{metric="room_degrees"} 2',
    ]);
    expect(codes()).toEqual(['TSK_ERR_METRIC_VALUE', 'TSK_ERR_METRIC_VALUE']);
  });

  test('a refused value does not make a room 0 degrees warm', async () => {
    const { registry, labelled } = queue();
    labelled.set({ room: 'hall' }, Number.NaN);
    labelled.inc({ room: 'hall' }, Number.NaN);
    labelled.dec({ room: 'hall' }, Number.NaN);
    expect(await linesOf(registry, 'room_degrees')).toEqual([]);
  });
});
