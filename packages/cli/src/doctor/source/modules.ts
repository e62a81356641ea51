/** What a file imports and exports, from what the parser knows of its module. */
import type { EcmaScriptModule, StaticExportEntry } from 'oxc-parser';
import { lineAt } from '../files.js';
import type { ExportedName, ImportedName, SourceFile } from './source-file.js';

export function importsOf(module: EcmaScriptModule, text: string): SourceFile['imports'] {
  const names = module.staticImports.flatMap(({ moduleRequest, entries }) =>
    entries.map(({ importName, localName, isType }): [string, ImportedName] => [
      localName.value,
      {
        module: moduleRequest.value,
        name: importName.kind === 'Name' ? (importName.name ?? '') : importName.kind === 'Default' ? 'default' : '*',
        isTypeOnly: isType,
        line: lineAt(text, localName.start),
      },
    ]),
  );
  return new Map(names);
}

export function importedForEffect(module: EcmaScriptModule): readonly string[] {
  return module.staticImports.filter(({ entries }) => entries.length === 0).map(({ moduleRequest }) => moduleRequest.value);
}

export function exportsOf(module: EcmaScriptModule): Pick<SourceFile, 'exports' | 'exportsAllOf'> {
  const entries = module.staticExports.flatMap((statement) => statement.entries);
  return {
    exports: new Map(entries.flatMap(exportOf)),
    exportsAllOf: entries.flatMap((entry) => (entry.importName.kind === 'AllButDefault' ? (entry.moduleRequest?.value ?? []) : [])),
  };
}

function exportOf({ exportName, localName, importName, moduleRequest }: StaticExportEntry): [string, ExportedName][] {
  const name = exportName.kind === 'Default' ? 'default' : exportName.name;
  if (name == null) return [];
  if (moduleRequest != null) return importName.name == null ? [] : [[name, { module: moduleRequest.value, name: importName.name }]];
  return localName.name == null ? [] : [[name, { local: localName.name }]];
}
