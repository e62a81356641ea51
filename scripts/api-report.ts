/**
 * `npm run api`: writes what each package exports, with its types, to `etc/<package>.api.md`, so that a change of the public API shows in review.
 * `npm run api:check`: fails where a report differs from the code.
 */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly types: string }>>;
}

const isCheck = process.argv.includes('--check');

/** An entry point of a package: the report's name and the declarations. */
function entryPoints(): { readonly name: string; readonly folder: string; readonly types: string }[] {
  return readdirSync('packages').flatMap((name) => {
    const folder = resolve('packages', name);
    const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
    return Object.entries(exports).flatMap(([path, target]) =>
      typeof target === 'string'
        ? []
        : [{ name: `${name}${path.slice(1).replaceAll('/', '-')}`, folder, types: join(folder, target.types) }],
    );
  });
}

function writeReport({ name, folder, types }: ReturnType<typeof entryPoints>[number]): boolean {
  const config = ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(folder, 'package.json'),
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: types,
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            module: 'nodenext',
            target: 'es2022',
            lib: ['es2024', 'esnext.disposable'],
            types: ['node'],
            skipLibCheck: true,
          },
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: `${name}.api.md`,
        reportFolder: resolve('etc'),
        reportTempFolder: resolve('node_modules/.cache/api-extractor'),
        // Base classes and types that an entry point does not export: users see their members and write to their shapes.
        includeForgottenExports: true,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        extractorMessageReporting: {
          default: { logLevel: ExtractorLogLevel.None },
          'ae-forgotten-export': { logLevel: ExtractorLogLevel.Warning, addToApiReportFile: true },
        },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
  });
  const result = Extractor.invoke(config, {
    localBuild: !isCheck,
    messageCallback: (message) => {
      message.handled = message.logLevel !== ExtractorLogLevel.Error;
    },
  });
  if (isCheck && result.apiReportChanged)
    console.error(`etc/${name}.api.md differs from the code: review the change of the public API, and run: npm run api`);
  return !(isCheck && result.apiReportChanged) && result.errorCount === 0;
}

/** Reports of entry points that are gone, which nothing would compare with the code any more. */
function leftOver(names: readonly string[]): readonly string[] {
  return readdirSync('etc').filter((file) => file.endsWith('.api.md') && !names.includes(file.slice(0, -'.api.md'.length)));
}

mkdirSync('etc', { recursive: true });
const points = entryPoints();
const results = points.map(writeReport);
for (const file of leftOver(points.map(({ name }) => name))) {
  console.error(`etc/${file} belongs to no entry point: delete it.`);
  results.push(false);
}
if (results.includes(false)) process.exit(1);
console.log(`${results.length} reports in etc/ ${isCheck ? 'fit the code' : 'written'}.`);
