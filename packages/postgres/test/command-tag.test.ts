/** A command tag says what was done, and to how many rows. */
import { expect, test } from 'vitest';
import { readCommandTag } from '../src/command-tag.js';

test.each([
  ['SELECT 5', 'SELECT', 'select', 5],
  ['SELECT 0', 'SELECT', 'select', 0],
  ['INSERT 0 12', 'INSERT', 'insert', 12],
  ['UPDATE 1', 'UPDATE', 'update', 1],
  ['MERGE 3', 'MERGE', 'merge', 3],
  ['COPY 100000', 'COPY', 'copy', 100_000],
  ['FETCH 7', 'FETCH', 'cursor', 7],
  ['BEGIN', 'BEGIN', 'begin', undefined],
  ['START TRANSACTION', 'START TRANSACTION', 'begin', undefined],
  ['CREATE TABLE', 'CREATE TABLE', 'ddl', undefined],
  ['', '', 'other', undefined],
  [undefined, '', 'other', undefined],
])('%j', (text, tag, operation, rows) => {
  expect(readCommandTag(text)).toEqual({ tag, operation, rows });
});
