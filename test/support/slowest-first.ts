/** The order of the test files: the slowest first, then the others, and those that share a process one after another. */
import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { SLOWEST } from './test-groups.js';

/** The projects in the order in which they run. Most of the slowest files are in the first. */
const PROJECTS = ['once', 'alone', 'shared'];

/** Vitest's own order is that of the last run on this machine, which a fresh clone does not know. */
export class SlowestFirst extends BaseSequencer {
  override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
    const order = await super.sort(specifications);
    const ranks = new Map(order.map((specification) => [specification, this.#rank(specification)] as const));
    return order.sort((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0));
  }

  /** The files of a project in a row, because a worker of files that share a process is kept only for the file that comes right after. */
  #rank({ moduleId, project }: TestSpecification): number {
    const place = SLOWEST.indexOf(relative(this.ctx.config.root, moduleId).replaceAll('\\', '/'));
    return PROJECTS.indexOf(project.name) * (SLOWEST.length + 1) + (place === -1 ? SLOWEST.length : place);
  }
}
