/** A project that `tsukimi compose` finds all it needs in. */
import { writeFiles } from '../../../../test/support/write-files.js';
import { emptyFolder, filesIn } from './folders.js';

const PROJECT: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "tea", "type": "module", "scripts": { "build": "tsc" }, "dependencies": { "tsukimi": "*" } }\n',
  'package-lock.json': '{}\n',
  'tsconfig.json':
    '{ "compilerOptions": { "rootDir": "src", "outDir": "dist", "experimentalDecorators": true, "emitDecoratorMetadata": true }, "include": ["src"] }\n',
  'application.yml': 'metrics:\n  allowed_ips: [127.0.0.1]\n',
  'src/main.ts': "import { Application, runApplication } from 'tsukimi';\n\n@Application()\nclass Tea {}\n\nawait runApplication(Tea);\n",
};

/** Writes it; a file that is null is left out. */
export async function containerProject(changes: Readonly<Record<string, string | null>> = {}): Promise<string> {
  const folder = await emptyFolder();
  const files = Object.entries({ ...PROJECT, ...changes }).filter((entry): entry is [string, string] => entry[1] !== null);
  await writeFiles(folder, Object.fromEntries(files));
  return folder;
}

/** What is in the folder besides the project. */
export async function filesBeside(folder: string): Promise<Record<string, string>> {
  return Object.fromEntries(Object.entries(await filesIn(folder)).filter(([path]) => !(path in PROJECT)));
}
