import { expect, it } from 'vitest';
import { type Key, press, type ViewState } from '../../src/top/keys.js';

const START: ViewState = { choice: { view: 'both', sort: 'rate', limit: 10 }, offset: 5 };
const PAGE_ROWS = 4;

it.each<[string, Key, Partial<ViewState['choice']> & { readonly offset: number }]>([
  ['r', { name: 'r' }, { sort: 'rate', offset: 0 }],
  ['e', { name: 'e' }, { sort: 'errors', offset: 0 }],
  ['p', { name: 'p' }, { sort: 'p95', offset: 0 }],
  ['n', { name: 'n' }, { sort: 'name', offset: 0 }],
  ['1', { sequence: '1' }, { view: 'routes', offset: 0 }],
  ['2', { sequence: '2' }, { view: 'methods', offset: 0 }],
  ['0', { sequence: '0' }, { view: 'both', offset: 0 }],
  ['tab', { name: 'tab' }, { view: 'routes', offset: 0 }],
  ['j', { name: 'j' }, { offset: 6 }],
  ['down', { name: 'down' }, { offset: 6 }],
  ['k', { name: 'k' }, { offset: 4 }],
  ['up', { name: 'up' }, { offset: 4 }],
  ['page up', { name: 'pageup' }, { offset: 1 }],
  ['page down', { name: 'pagedown' }, { offset: 9 }],
  ['home', { name: 'home' }, { offset: 0 }],
])('%s', (_, key, { offset, ...choice }) => {
  expect(press(START, key, PAGE_ROWS)).toEqual({ choice: { ...START.choice, ...choice }, offset });
});

it.each<[string, Key]>([
  ['q', { name: 'q' }],
  ['Ctrl-C', { name: 'c', ctrl: true }],
  ['Ctrl-D', { name: 'd', ctrl: true }],
])('%s quits', (_, key) => {
  expect(press(START, key, PAGE_ROWS)).toBe('quit');
});

it('Ctrl-Z suspends, and z does not', () => {
  expect(press(START, { name: 'z', ctrl: true }, PAGE_ROWS)).toBe('suspend');
  expect(press(START, { name: 'z' }, PAGE_ROWS)).toBe(START);
});

it.each<[string, Key]>([
  ['x', { name: 'x' }],
  ['Ctrl-R', { name: 'r', ctrl: true }],
  ['a name that every object has', { name: 'constructor' }],
  ['another one', { name: 'toString' }],
  ['nothing at all', {}],
])('%s changes nothing', (_, key) => {
  expect(press(START, key, PAGE_ROWS)).toBe(START);
});

it('scrolls no further than to the top, and Tab goes round', () => {
  expect(press({ ...START, offset: 0 }, { name: 'up' }, PAGE_ROWS)).toMatchObject({ offset: 0 });
  const seen = [START];
  for (let time = 0; time < 3; time++) {
    const next = press(seen.at(-1) ?? START, { name: 'tab' }, PAGE_ROWS);
    if (typeof next !== 'string') seen.push(next);
  }
  expect(seen.map(({ choice }) => choice.view)).toEqual(['both', 'routes', 'methods', 'both']);
});
