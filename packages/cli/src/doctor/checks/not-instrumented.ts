/** Finds applications without `@Instrumented()`, which measure nothing. */
import type { Check } from '../finding.js';
import { componentsOf, hasDecorator } from '../source/components.js';

export const notInstrumented: Check = {
  code: 'not-instrumented',
  about: '@Instrumented() on the application class',
  find: (project) => {
    const components = componentsOf(project.sources);
    // If single components have `@Instrumented()`, the application is without it on purpose.
    if (components.some((found) => !hasDecorator(found, 'Application') && hasDecorator(found, 'Instrumented'))) return [];
    return components
      .filter((found) => hasDecorator(found, 'Application') && !hasDecorator(found, 'Instrumented'))
      .map(({ file, component }) => ({
        level: 'warning' as const,
        where: { file: project.shown(file.path), line: component.line },
        what: `${component.name} has @Application() but not @Instrumented(): no request, method or task is measured, and there is no /metrics unless the application has its own metrics.`,
        fix: 'Add @Instrumented() to the class, or @Instrumented({ enabled: false }) if nothing should be measured.',
      }));
  },
};
