/** A version closes the changelog's unreleased section. */
import { describe, expect, it } from 'vitest';
import { closeUnreleased } from '../../scripts/release/changelog.js';
import { projectText } from '../support/project.js';

const release = { version: '0.2.0', date: '2026-12-01' };

describe('the unreleased section of the changelog', () => {
  it('gets the version and the date', () => {
    const text = '# Changelog\n\n## Unreleased\n\n- [FEATURE] core: new.\n\n## 0.1.0 (2026-11-01)\n\n- [FEATURE] core: old.\n';
    expect(closeUnreleased(text, release)).toBe(text.replace('## Unreleased', '## 0.2.0 (2026-12-01)'));
  });

  it('may name the version that it will be', () => {
    expect(closeUnreleased('## 0.1.0 (unreleased)\n\n- [FEATURE] core: new.\n', release)).toContain('## 0.2.0 (2026-12-01)');
  });

  it('must be there, and must not be empty', () => {
    expect(() => closeUnreleased('## 0.1.0 (2026-11-01)\n- [FEATURE] a: b.\n', release)).toThrow('no section "## Unreleased"');
    expect(() => closeUnreleased('## Unreleased\n\n## 0.1.0 (2026-11-01)\n- [FEATURE] a: b.\n', release)).toThrow('has no lines');
  });

  it('can be closed in this project', () => {
    expect(closeUnreleased(projectText('CHANGELOG.md'), release)).toContain('## 0.2.0 (2026-12-01)');
  });
});
