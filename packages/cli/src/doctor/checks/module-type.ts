/** A package that Node.js takes for CommonJS: Tsukimi is made of ES modules only. */

import type { Check } from '../finding.js';
import { lineOf } from '../project/files.js';

export const moduleType: Check = {
  code: 'module-type',
  about: '"type": "module" in package.json',
  find: ({ packageJson, packageText }) => {
    if (packageJson.type === 'module') return [];
    const said = packageJson.type === undefined ? 'package.json has no "type"' : `"type" is ${JSON.stringify(packageJson.type)}`;
    return [
      {
        level: 'error',
        where: { file: 'package.json', line: lineOf(packageText, /"type"\s*:/) ?? 1 },
        what: `${said}, so its files are compiled to CommonJS, where "await runApplication(...)" at the top of a file does not work.`,
        fix: 'Write "type": "module".',
      },
    ];
  },
};
