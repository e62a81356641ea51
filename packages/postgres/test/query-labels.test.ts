/** A statement is a name that somebody gave: never SQL, never a value, and never more of them than agreed. */
import { expect, test } from 'vitest';
import { queries } from './support/counts.js';
import { database } from './support/database.js';

const { measured } = await database();

test('a comment has precedence over the name of a prepared statement, and the option over both', async () => {
  const { pool, registry } = measured({ statement: ({ text }) => (text?.includes('3') ? 'given' : undefined) });
  await pool.query({ name: 'prepared', text: 'SELECT 1' });
  await pool.query({ name: 'prepared2', text: '/* name: comment */ SELECT 2' });
  await pool.query({ name: 'prepared3', text: '/* name: comment */ SELECT 3' });
  expect(await queries(registry)).toEqual({ 'select prepared': 1, 'select comment': 1, 'select given': 1 });
});

test('the option is given text, name and values', async () => {
  const seen: unknown[] = [];
  const { pool } = measured({ statement: (query) => void seen.push({ ...query }) as undefined });
  await pool.query('SELECT $1::int', [7]);
  await pool.query({ name: 'moon', text: 'SELECT $1::int', values: [8] });
  expect(seen).toEqual([
    { text: 'SELECT $1::int', name: undefined, values: [7] },
    { text: 'SELECT $1::int', name: 'moon', values: [8] },
  ]);
});

test('names past the budget share one label value, those that came first keep theirs', async () => {
  const { pool, registry } = measured({ maxStatements: 3 });
  for (let round = 0; round < 2; round += 1) for (let index = 0; index < 10; index += 1) await pool.query(`/* name: q${index} */ SELECT 1`);
  expect(await queries(registry)).toEqual({ 'select q0': 2, 'select q1': 2, 'select q2': 2, 'select __other__': 14 });
});

test.each([
  ['SQL', "SELECT 'secret'"],
  ['a value', 'ann@example.org'],
  ['something long', 'x'.repeat(64)],
])('%s is no name', async (_, name) => {
  const { pool, registry } = measured({ statement: () => name });
  await pool.query('SELECT 1');
  expect(await queries(registry)).toEqual({ 'select __other__': 1 });
});

test('an option that throws or returns no text costs a warning, once', async () => {
  const warnings: Error[] = [];
  const listen = (warning: Error) => warnings.push(warning);
  process.on('warning', listen);
  let calls = 0;
  const { pool, registry } = measured({
    statement: () => {
      calls += 1;
      if (calls === 1) throw new RangeError('hunter2');
      return 5 as never;
    },
  });
  for (let index = 0; index < 3; index += 1) await pool.query('/* name: moon */ SELECT 1');
  process.off('warning', listen);
  const own = warnings.filter(({ name }) => name === 'PostgresError');
  expect(own.map(({ message }) => message)).toEqual([expect.stringContaining('The option statement of the pool main threw RangeError.')]);
  expect(await queries(registry)).toEqual({ 'select moon': 3 });
});

test('texts that are never the same again are read, and not kept', async () => {
  const { pool, registry } = measured();
  for (let index = 0; index < 1200; index += 1) await pool.query(`/* name: moon */ SELECT ${index}`);
  expect(await queries(registry)).toEqual({ 'select moon': 1200 });
});
