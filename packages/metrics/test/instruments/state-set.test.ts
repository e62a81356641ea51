/** State sets: one sample for each state, and only states that are known. */
import { StateSet } from '@tsukimi/metrics';
import { describe, expect, test } from 'vitest';
import { invalidLines, linesOf, openRegistry, thrownBy, untyped } from '../support/open-registry.js';

const states = ['starting', 'running', 'stopped'] as const;

function application() {
  const opened = openRegistry();
  const state = opened.registry.stateSet({ name: 'application_state', help: 'State.', states });
  const workers = opened.registry.stateSet({ name: 'worker_state', help: 'W.', states: ['idle', 'busy'], labelNames: ['worker'] });
  return { ...opened, state, workers };
}

test('is in no state until it is set', async () => {
  const { registry, state } = application();
  expect(await linesOf(registry, 'application_state')).toEqual([
    'application_state{application_state="starting"} 0',
    'application_state{application_state="running"} 0',
    'application_state{application_state="stopped"} 0',
  ]);
  expect(await linesOf(registry, 'worker_state')).toEqual([]);
  expect(state.labels().state).toBeUndefined();
});

test('exactly the state that was set last is 1', async () => {
  const { registry, state } = application();
  state.set('starting');
  state.set('running');
  expect(await registry.expose({ names: ['application_state'] })).toBe(`# HELP application_state State.
# TYPE application_state gauge
application_state{application_state="starting"} 0
application_state{application_state="running"} 1
application_state{application_state="stopped"} 0
`);
  expect(state.labels().state).toBe('running');
});

test('with labels', async () => {
  const { registry, workers } = application();
  workers.set({ worker: '1' }, 'idle');
  workers.labels('2').set('busy');
  workers.labels({ worker: '3' });
  workers.remove('3');
  expect(await linesOf(registry, 'worker_state')).toEqual([
    'worker_state{worker="1",worker_state="idle"} 1',
    'worker_state{worker="1",worker_state="busy"} 0',
    'worker_state{worker="2",worker_state="idle"} 0',
    'worker_state{worker="2",worker_state="busy"} 1',
  ]);
});

test('reset goes back to none', async () => {
  const { registry, state, workers } = application();
  state.set('running');
  workers.set({ worker: '1' }, 'idle');
  state.reset();
  workers.reset();
  expect((await linesOf(registry, 'application_state')).every((line) => line.endsWith(' 0'))).toBe(true);
  expect(await linesOf(registry, 'worker_state')).toEqual([]);
});

describe('an unknown state', () => {
  test.each([['paused'], [''], [undefined], [null], [5], ['toString']])(
    '%j throws, lists the states and changes nothing',
    async (given) => {
      const { registry, state, workers } = application();
      state.set('running');
      const calls = [
        () => state.set(untyped(given)),
        () => state.labels().set(untyped(given)),
        () => workers.set({ worker: '1' }, untyped(given)),
      ];
      const errors = calls.map(thrownBy);
      expect(errors.map(({ code }) => code)).toEqual(Array(3).fill('TSK_ERR_METRIC_STATE'));
      expect(errors[0]?.message).toBe(
        `application_state: ${typeof given === 'string' && given !== '' ? `a text of ${given.length} characters` : given === '' ? '""' : given} is not one of its states (starting, running, stopped). Use one of these, or add it to states.`,
      );
      expect(state.labels().state).toBe('running');
      expect(await linesOf(registry, 'worker_state')).toEqual([]);
    },
  );

  test('a label it does not have is refused, not thrown', async () => {
    const { registry, workers } = application();
    workers.set(untyped({ worker: '1', room: 'x' }), 'idle');
    expect(await linesOf(registry, 'worker_state')).toEqual([]);
    expect(await invalidLines(registry)).toEqual(['metrics_invalid_values_total{metric="worker_state"} 1']);
  });
});

test('get() is a gauge for prom-client', async () => {
  const { workers } = application();
  workers.set({ worker: '1' }, 'busy');
  expect(await workers.get()).toEqual({
    name: 'worker_state',
    help: 'W.',
    type: 'gauge',
    aggregator: 'max',
    values: [
      { labels: { worker: '1', worker_state: 'idle' }, value: 0 },
      { labels: { worker: '1', worker_state: 'busy' }, value: 1 },
    ],
  });
});

describe('definition', () => {
  test('states are copied, and may hold anything that is text', async () => {
    const given = ['a "b"', 'c\\d\n', '🌕'];
    const { registry } = openRegistry();
    const moon = registry.stateSet({ name: 'moon', help: 'M.', states: given });
    given.push('late');
    moon.set('🌕');
    expect(await linesOf(registry, 'moon')).toEqual(['moon{moon="a \\"b\\""} 0', 'moon{moon="c\\\\d\\n"} 0', 'moon{moon="🌕"} 1']);
  });

  test.each<[string, unknown, string]>([
    ['none', [], 's: states [] are not a list of at least one.'],
    ['not a list', 'running', 's: states "running" are not a list of at least one.'],
    ['an empty one', ['a', ''], 's: states ["a", ""] are not all non-empty texts.'],
    ['a number', ['a', 1], 's: states ["a", 1] are not all non-empty texts.'],
    ['a lone surrogate', ['\ud800'], 'are not all non-empty texts.'],
    ['one of 2000 letters', ['a'.repeat(2000)], 'are not all non-empty texts.'],
    ['one twice', ['a', 'a'], 's: states ["a", "a"] contain a duplicate.'],
  ])('%s: refused, and the name stays free', (_, given, message) => {
    const { registry } = openRegistry();
    const error = thrownBy(() => registry.stateSet({ name: 's', help: 'S.', states: untyped<string[]>(given) }));
    expect(error.code).toBe('TSK_ERR_METRIC_STATES');
    expect(error.message).toContain(message);
    expect(registry.stateSet({ name: 's', help: 'S.', states: ['a'] }).type).toBe('stateset');
  });

  test("a label of the metric's own name is taken by the state", () => {
    const error = thrownBy(
      () => new StateSet({ registers: [], name: 'worker_state', help: 'W.', states: ['a'], labelNames: ['worker_state'] }),
    );
    expect(error.code).toBe('TSK_ERR_METRIC_LABEL_NAME');
  });

  test('states are part of the shape', () => {
    const { registry, state } = application();
    expect(registry.stateSet({ name: 'application_state', help: '', states })).toBe(state);
    expect(thrownBy(() => registry.stateSet({ name: 'application_state', help: '', states: ['on', 'off'] })).message).toContain(
      'application_state exists as stateset without labels with states starting, running, stopped and was requested as stateset without labels with states on, off.',
    );
  });
});
