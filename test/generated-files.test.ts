/** The dashboards and rules that are committed are those that the sources make. */
import { readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { GENERATED, type GeneratedFile, generatedFiles } from '../scripts/generated-files.js';
import { projectPath, projectText } from './support/project.js';

describe('npm run dashboards', () => {
  let files: GeneratedFile[];
  beforeAll(async () => {
    files = await generatedFiles();
  });

  it('has nothing to write anew: if this fails, run it and commit what it writes', () => {
    const stale = files.filter(({ path, text }) => existingText(path) !== text).map(({ path }) => path);
    expect(stale, 'run "npm run dashboards": these files are stale').toEqual([]);
  });

  it('has written every file in its folders', () => {
    const written = GENERATED.flatMap(({ folder, extension }) =>
      readdirSync(projectPath(folder))
        .filter((name) => name.endsWith(extension))
        .map((name) => `${folder}/${name}`),
    );
    expect(written.sort(), 'run "npm run dashboards": other files are no longer generated').toEqual(files.map(({ path }) => path).sort());
  });

  it('writes the same texts each time', async () => {
    expect(await generatedFiles()).toEqual(files);
  });

  it('writes the objectives of the demo', () => {
    const rules = files.find(({ path }) => path === 'prometheus/rules/slo.yml')?.text;
    expect(rules).toContain('OrderController');
  });
});

function existingText(path: string): string | undefined {
  try {
    return projectText(path);
  } catch {
    return undefined;
  }
}
