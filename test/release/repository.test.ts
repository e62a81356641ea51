/** The repository's URL is set in one step, and nothing can be published before. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseRepositoryUrl, setRepository, unsetPlaces } from '../../scripts/release/repository.js';
import { projectPath } from '../support/project.js';

const FILES = {
  'package.json': `{ "repository": { "url": "git+https://repository.invalid/tsukimi.git" } }`,
  'packages/core/package.json': `{\n  "homepage": "https://repository.invalid/tsukimi#readme"\n}`,
  'packages/core/README.md': 'See [the reference](https://repository.invalid/tsukimi/blob/main/docs/reference/components.md).',
  '.github/CODEOWNERS': '* @owner.invalid\n',
  'CHANGELOG.md': 'https://repository.invalid/tsukimi stays here.',
};

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'repository-'));
  for (const [file, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  execFileSync('git', ['init', '--quiet'], { cwd: root });
  execFileSync('git', ['add', '--all'], { cwd: root });
});

afterEach(() => rmSync(root, { recursive: true }));

const read = (file: keyof typeof FILES) => readFileSync(join(root, file), 'utf8');

describe('the URL of the repository', () => {
  it('is missing in every place that waits for it', () => {
    expect(unsetPlaces(root)).toEqual([
      '.github/CODEOWNERS:1',
      'package.json:1',
      'packages/core/README.md:1',
      'packages/core/package.json:2',
    ]);
  });

  it('is set in all of them at once', () => {
    const changed = setRepository(root, 'https://github.com/moon/viewing');
    expect(changed).toEqual(['.github/CODEOWNERS', 'package.json', 'packages/core/README.md', 'packages/core/package.json']);
    expect(unsetPlaces(root)).toEqual([]);
    expect(read('package.json')).toBe('{ "repository": { "url": "git+https://github.com/moon/viewing.git" } }');
    expect(read('packages/core/README.md')).toBe(
      'See [the reference](https://github.com/moon/viewing/blob/main/docs/reference/components.md).',
    );
    expect(read('.github/CODEOWNERS')).toBe('* @moon\n');
    expect(read('CHANGELOG.md')).toBe(FILES['CHANGELOG.md']);
  });

  it('can be set again, when the repository moves', () => {
    setRepository(root, 'https://github.com/moon/viewing');
    setRepository(root, 'https://git.example.org/sun/watching');
    expect(read('packages/core/package.json')).toContain('https://git.example.org/sun/watching#readme');
    expect(read('.github/CODEOWNERS')).toBe('* @sun\n');
  });

  it.each([
    'github.com/moon/viewing',
    'http://github.com/moon/viewing',
    'https://github.com/moon/viewing.git',
    'https://github.com/moon/viewing/',
    'https://github.com/moon',
    'https://user:secret@github.com/moon/viewing',
    '',
  ])('is refused in another form: %s', (url) => {
    expect(() => parseRepositoryUrl(url)).toThrow(TypeError);
    expect(() => setRepository(root, url)).toThrow('https://HOST/OWNER/NAME');
    expect(read('package.json')).toBe(FILES['package.json']);
  });

  it('is the same placeholder in every manifest of this project, and each package checks it before it is published', () => {
    const manifests = [
      'package.json',
      ...[
        'cli',
        'console',
        'core',
        'dashboards',
        'instrumentation',
        'metrics',
        'opentelemetry',
        'postgres',
        'redis',
        'statsd',
        'tsukimi',
      ].map((name) => `packages/${name}/package.json`),
    ];
    const { homepage } = JSON.parse(readFileSync(projectPath('package.json'), 'utf8')) as { homepage: string };
    for (const file of manifests) {
      const manifest = JSON.parse(readFileSync(projectPath(file), 'utf8'));
      const url = homepage.replace('#readme', '');
      expect(manifest).toMatchObject({ homepage, bugs: { url: `${url}/issues` }, repository: { url: `git+${url}.git` } });
      if (file !== 'package.json') {
        expect(manifest.repository.directory).toBe(dirname(file));
        expect(manifest.scripts.prepublishOnly).toContain('check-repository.ts');
      }
    }
  });
});
