/** A small project in a folder of its own: a healthy one, or with the fault that a test is about. */
import { writeFiles } from '../../../../test/support/write-files.js';
import { emptyFolder } from './folders.js';

const HEALTHY: Readonly<Record<string, string>> = {
  'package.json': `{
  "name": "shop",
  "type": "module",
  "engines": { "node": ">=20.19" },
  "scripts": { "start": "node dist/main.js", "build": "tsc -b" },
  "dependencies": { "tsukimi": "*" }
}
`,
  'tsconfig.json': `{
  // As Tsukimi needs it.
  "compilerOptions": {
    "module": "nodenext",
    "experimentalDecorators": true,
    "emitDecoratorMetadata": true,
  },
  "include": ["src"],
}
`,
  'application.yml': 'server:\n  port: 8000\nmetrics:\n  allowed_ips: [127.0.0.1]\n',
  'src/application.ts': `import { Application, Instrumented } from 'tsukimi';

@Instrumented()
@Application()
export class Shop {}
`,
  'src/order-repository.ts': `import { Repository } from 'tsukimi';

@Repository()
export class OrderRepository {}
`,
  'src/order-service.ts': `import { Service } from 'tsukimi';
import { OrderRepository } from './order-repository.js';

@Service()
export class OrderService {
  constructor(private readonly orders: OrderRepository) {}
}
`,
};

/** Writes it; a file that is null is left out. */
export async function projectFolder(changes: Readonly<Record<string, string | null>> = {}): Promise<string> {
  const folder = await emptyFolder();
  const files = Object.entries({ ...HEALTHY, ...changes }).filter((entry): entry is [string, string] => entry[1] !== null);
  await writeFiles(folder, Object.fromEntries(files));
  return folder;
}

/** The text of a file of the healthy project. */
export function healthyText(file: keyof typeof HEALTHY): string {
  return HEALTHY[file] ?? '';
}
