/** The versions that a new project gets are those that this repository is tested with. */
import { expect, it } from 'vitest';
import { projectText } from '../../../../test/support/project.js';

type Versions = Readonly<Record<string, string>>;

interface Manifest {
  readonly version: string;
  readonly engines: Versions;
  readonly dependencies: Versions;
  readonly devDependencies: Versions;
}

const manifest = (path: string) => JSON.parse(projectText(path)) as Manifest;
const template = manifest('packages/cli/templates/project/package.json');

it('has the development tools of the repository, in their versions', () => {
  const { devDependencies } = manifest('package.json');
  for (const [name, version] of Object.entries(template.devDependencies)) expect([name, version]).toEqual([name, devDependencies[name]]);
  expect(template.engines).toEqual(manifest('package.json').engines);
});

it('has the typebox of the demo, and the tsukimi of this release', () => {
  const { typebox } = manifest('examples/instrumentation-demo/package.json').dependencies;
  expect(template.dependencies).toEqual({ tsukimi: '^__TSUKIMI_VERSION__', typebox });
  expect(manifest('packages/cli/package.json').version).toBe(manifest('packages/tsukimi/package.json').version);
});

it('has the base images of the repository', () => {
  const images = (path: string) => new Set([...projectText(path).matchAll(/(?:FROM|image:) (\S+:\S+)/g)].map(([, image]) => image));
  expect(images('packages/cli/templates/docker/docker-compose.yml')).toEqual(images('docker-compose.yml'));
  expect(images('packages/cli/templates/docker/Dockerfile')).toEqual(images('Dockerfile'));
});
