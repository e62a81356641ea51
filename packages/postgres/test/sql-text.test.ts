/** What a query does and how its caller calls it is read from its text, whatever comes before. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { endingsOf, operationOfTag, readText } from '../src/sql-text.js';

describe('the operation', () => {
  test.each([
    ['SELECT 1', 'select'],
    ['  \n\tselect 1', 'select'],
    ['((SELECT 1) UNION (SELECT 2))', 'select'],
    ['VALUES (1), (2)', 'select'],
    ['TABLE moons', 'select'],
    ['insert into moons values (1)', 'insert'],
    ['INSERT\nINTO moons SELECT 1', 'insert'],
    ['UPDATE moons SET a = 1', 'update'],
    ['DELETE FROM moons', 'delete'],
    ['MERGE INTO moons USING x ON true', 'merge'],
    ['COPY moons FROM STDIN', 'copy'],
    ['BEGIN', 'begin'],
    ['START TRANSACTION READ ONLY', 'begin'],
    ['COMMIT;', 'commit'],
    ['END', 'commit'],
    ['ROLLBACK', 'rollback'],
    ['rollback work', 'rollback'],
    ['ROLLBACK TO SAVEPOINT a', 'savepoint'],
    ['rollback transaction to a', 'savepoint'],
    ['SAVEPOINT a', 'savepoint'],
    ['RELEASE SAVEPOINT a', 'savepoint'],
    ['LISTEN moons', 'listen'],
    ["NOTIFY moons, 'full'", 'listen'],
    ['SET search_path = a', 'set'],
    ['SHOW server_version', 'set'],
    ['DECLARE c CURSOR FOR SELECT 1', 'cursor'],
    ['FETCH 10 FROM c', 'cursor'],
    ['CALL wax(1)', 'call'],
    ['DO $$ BEGIN END $$', 'call'],
    ['CREATE TABLE moons (id int)', 'ddl'],
    ['TRUNCATE moons', 'ddl'],
    ['VACUUM moons', 'maintain'],
    ['EXPLAIN ANALYZE SELECT 1', 'explain'],
    ['LOCK TABLE moons', 'lock'],
    ['EXECUTE moon(1)', 'other'],
    ['', 'other'],
    [';', 'other'],
    ['-- nothing', 'other'],
    ['/* unclosed SELECT 1', 'other'],
    ['🌕', 'other'],
    ['constructor', 'other'],
    ['__proto__', 'other'],
  ])('%j is %s', (text, operation) => {
    expect(readText(text).operation).toBe(operation);
  });

  test.each([
    ['-- UPDATE\nSELECT 1', 'select'],
    ['/* DELETE */ SELECT 1', 'select'],
    ['/* a /* nested */ DELETE */ SELECT 1', 'select'],
    ['/* a *//* b */ -- c\n /* d */\n( UPDATE moons SET a = 1 )', 'update'],
  ])('comments before it: %j is %s', (text, operation) => {
    expect(readText(text).operation).toBe(operation);
  });

  test.each([
    ['WITH a AS (SELECT 1) SELECT * FROM a', 'select'],
    ['WITH a AS (SELECT 1) INSERT INTO moons SELECT * FROM a', 'insert'],
    ['with recursive a(n) as (values (1) union all select n + 1 from a) update moons set b = 1', 'update'],
    ['WITH gone AS (DELETE FROM moons RETURNING *) SELECT count(*) FROM gone', 'select'],
    ['WITH a AS MATERIALIZED (SELECT 1), b AS NOT MATERIALIZED (SELECT 2) DELETE FROM moons', 'delete'],
    ["WITH a AS (SELECT ') INSERT') UPDATE moons SET b = 1", 'update'],
    ["WITH a AS (SELECT E'\\') INSERT') UPDATE moons SET b = 1", 'update'],
    ["WITH a AS (SELECT 'it''s )') DELETE FROM moons", 'delete'],
    ['WITH "insert" AS (SELECT ")") UPDATE moons SET b = 1', 'update'],
    ['WITH update AS (SELECT 1), merge AS (SELECT 2) DELETE FROM moons', 'delete'],
    ['WITH a AS (SELECT $x$) INSERT$x$) MERGE INTO moons USING a ON true', 'merge'],
    ['WITH a AS (SELECT 1 -- ) INSERT\n) DELETE FROM moons', 'delete'],
    ['WITH a AS (SELECT 1 /* ) INSERT */) DELETE FROM moons', 'delete'],
    ['WITH a AS (SELECT $1, $2::int) DELETE FROM moons', 'delete'],
    ['WITH a AS (SELECT 1', 'select'],
  ])('of a WITH is that of its statement: %j is %s', (text, operation) => {
    expect(readText(text).operation).toBe(operation);
  });

  test.each([[undefined], [null], [5], [{}]])('of %j is other', (text) => {
    expect(readText(text)).toEqual({ operation: 'other', name: undefined });
  });

  test('is found in linear time', () => {
    const hard = ['(', '/*', "'", '"', '$$', '$a', '-', 'with ', 'WITH a AS (', "E'\\"];
    for (const part of hard) {
      const start = performance.now();
      readText(part.repeat(100_000));
      readText(`WITH a AS (${part.repeat(100_000)}`);
      expect(performance.now() - start).toBeLessThan(1000);
    }
  });

  test('never throws', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'wWith aAsS()\'"$-/*;,\n\\eE1', 'with ', 'select ', '/*', '*/', '--', '$$') }),
        (text) => {
          expect(typeof readText(text).operation).toBe('string');
        },
      ),
      { numRuns: 2000 },
    );
  });
});

test.each([
  ['INSERT', 'insert'],
  ['SELECT', 'select'],
  ['CREATE TABLE', 'ddl'],
  ['', 'other'],
])('the tag %j is %s', (tag, operation) => {
  expect(operationOfTag(tag)).toBe(operation);
});

describe('the name', () => {
  test.each([
    ['/* name: findUser */ SELECT 1', 'findUser'],
    ['/*name:findUser*/SELECT 1', 'findUser'],
    ['-- name: find_user\nSELECT 1', 'find_user'],
    ['-- name: FindUser :one\nSELECT 1', 'FindUser'],
    ['/* app */ /* name: users.find-all */ SELECT 1', 'users.find-all'],
    ['SELECT 1 /* name: last */', 'last'],
    ['SELECT 1 /* name: last */;\n', 'last'],
  ])('%j is %s', (text, name) => {
    expect(readText(text).name).toBe(name);
  });

  test.each([
    ["SELECT '/* name: text */', 1"],
    ['SELECT /* name: inside */ 1'],
    ['/* name: two words */ SELECT 1'],
    ["/* name: it's */ SELECT 1"],
    [`/* name: ${'a'.repeat(64)} */ SELECT 1`],
    ['/* names: x */ SELECT 1'],
    ['/* name: */ SELECT 1'],
  ])('%j has none', (text) => {
    expect(readText(text).name).toBeUndefined();
  });
});

describe('what a text does to transactions', () => {
  test.each([
    ['SELECT 1', []],
    ['COMMIT', ['end']],
    ['ROLLBACK', ['end']],
    ['ROLLBACK TO a', ['to']],
    ['BEGIN; SAVEPOINT a; ROLLBACK TO a; COMMIT', ['to', 'end']],
    ['BEGIN; ROLLBACK; COMMIT;', ['end', 'end']],
    ["SELECT ';ROLLBACK;'; /* ;ROLLBACK; */ abort", ['end']],
    ['DO $$ BEGIN; ROLLBACK; END $$; END', ['end']],
    ["PREPARE TRANSACTION 'a'; COMMIT PREPARED 'a'; ROLLBACK PREPARED 'b'; PREPARE a AS SELECT 1", ['end']],
    ['SELECT "a;rollback";\n-- ;ROLLBACK\n rollback work to savepoint a', ['to']],
  ])('%j', (text, endings) => {
    expect(endingsOf(text)).toEqual(endings);
  });

  test('is found in linear time', () => {
    for (const part of [';', "'", ';rollback', '/*', '$$', '(', 'a ']) {
      const start = performance.now();
      endingsOf(part.repeat(20_000));
      expect(performance.now() - start).toBeLessThan(1000);
    }
  });
});
