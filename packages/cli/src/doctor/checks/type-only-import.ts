/** `import type` on a class that a constructor takes: it compiles, and there is no class to inject at run time. */
import type { Check } from '../finding.js';
import { parametersByType } from '../source/components.js';

export const typeOnlyImport: Check = {
  code: 'type-only-import',
  about: 'no `import type` on a class that is injected',
  find: (project) =>
    parametersByType(project.sources).flatMap(({ file, component, parameter }) => {
      const { type } = parameter;
      const imported = type.kind === 'name' ? file.imports.get(type.name) : undefined;
      if (type.kind !== 'name' || imported?.isTypeOnly !== true) return [];
      // An interface is another mistake, with another fix: see injected-type.
      const kind = project.sources.kindOf(file, type.name);
      if (kind !== undefined && kind !== 'class') return [];
      return [
        {
          level: 'error' as const,
          where: { file: project.shown(file.path), line: imported.line },
          what: `${type.name} is imported as a type, and the constructor of ${component.name} takes it (parameter ${parameter.name}): at run time there is no class to inject.`,
          fix: `Import it without "type", and switch the lint rule off that writes it (Biome: useImportType, typescript-eslint: consistent-type-imports).`,
        },
      ];
    }),
};
