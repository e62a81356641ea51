/** Imports run one way, between the folders of a package too: a folder is above what it uses. */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { projectPath } from '../support/project.js';
import { arrowsOf, loopsOf } from './rooms.js';

describe('the folders of a package form no loop', () => {
  it.each(readdirSync(projectPath('packages')))('%s', (name) => {
    expect(loopsOf(arrowsOf(projectPath(`packages/${name}/src`)))).toEqual([]);
  });

  it('would be noticed', () => {
    const arrows = new Map([
      ['a', new Map([['b', ['a/x.ts imports ../b/y.js']]])],
      ['b', new Map([['c', ['b/y.ts imports ../c/z.js']]])],
      ['c', new Map([['a', ['c/z.ts imports ../a/x.js']]])],
      ['d', new Map([['a', ['d.ts imports ./a/x.js']]])],
    ]);
    expect(loopsOf(arrows)).toEqual([['a', 'b', 'c']]);
  });
});
