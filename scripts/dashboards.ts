/** `npm run dashboards`: writes grafana/dashboards and prometheus/rules anew. Needs a build. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GENERATED, generatedFiles } from './generated-files.js';

const root = fileURLToPath(new URL('../', import.meta.url));
const files = await generatedFiles();
for (const { path, text } of files) {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}
await removeOthers(new Set(files.map(({ path }) => path)));
console.log(files.map(({ path }) => path).join('\n'));

/** A file that is not a longer generated must not stay. */
async function removeOthers(written: ReadonlySet<string>): Promise<void> {
  for (const { folder, extension } of GENERATED) {
    for (const name of await readdir(join(root, folder)))
      if (name.endsWith(extension) && !written.has(`${folder}/${name}`)) await rm(join(root, folder, name));
  }
}
