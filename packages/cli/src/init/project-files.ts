/** Every file of a new project. */

import { catalogueFamilies, type MetricFamily, mergeFamilies, readExposition } from '@tsukimi/dashboards';
import { type ContainerProgram, dockerFiles, hostPorts } from '../compose/docker-files.js';
import type { GeneratedFile } from '../output/generated-file.js';
import { packageVersion } from '../own-package.js';
import { fillIn, readTemplate, templateText } from '../templates/read-template.js';
import type { ProjectOptions } from './project-options.js';

/** As the project's package.json and tsconfig have it. */
const PROGRAM: ContainerProgram = { build: 'npm run build', sourceFolder: 'src', entry: 'dist/main.js' };

/** The files, by path. */
export function projectFiles({ name, port, docker }: ProjectOptions): GeneratedFile[] {
  const values = { PROJECT_NAME: name, PORT: String(port), TSUKIMI_VERSION: packageVersion() };
  const section = docker ? fillIn(templateText('readme-docker.md'), { ...values, ...hostPorts(port) }).trimEnd() : '';
  const own = readTemplate('project', { ...values, DOCKER_SECTION: section });
  const beside = docker
    ? dockerFiles({
        name,
        port,
        metricsPath: '/metrics',
        metricsPort: port,
        naming: undefined,
        families: projectFamilies(),
        program: PROGRAM,
      })
    : [];
  return [...own.map((file): GeneratedFile => ({ ...file, kind: 'starter' })), ...beside];
}

/** The catalogue, and what the template's own code adds: as a project that was just started exposes it. */
function projectFamilies(): MetricFamily[] {
  return mergeFamilies(catalogueFamilies(), readExposition(templateText('project-metrics.txt')));
}
