/**
 * `npm start`: builds the demo, saying what it is at, and then is the demo: one process, so that a signal that npm passes on reaches the server.
 * `npm run example:monitoring-stack` does the same with another example and its entry file.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { buildPage } from './build-console.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const [example = 'instrumentation-demo', entry = 'main.js'] = process.argv.slice(2);

/** How many projects were compiled; above `build()`, which starts at once. */
let projects = 0;

await build();
await buildPage(() => console.log('  the live page'));
await import(new URL(`../examples/${example}/dist/${entry}`, import.meta.url).href);

/** Ends the process with tsc's exit code where there is an error; says nothing where there was nothing to build. */
async function build() {
  const tsc = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));
  const compiler = spawn(process.execPath, [tsc, '-b', '--verbose', `examples/${example}`], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stop = (signal) => compiler.kill(signal);
  process.once('SIGTERM', stop).once('SIGINT', stop);
  const exited = once(compiler, 'exit');
  for await (const line of createInterface({ input: compiler.stdout })) tell(line);
  const [code, signal] = await exited;
  process.off('SIGTERM', stop).off('SIGINT', stop);
  if (code !== 0) process.exit(signal === null ? code : 1);
}

/** Of what tsc says of its progress, the projects that it compiles; errors as they are. */
function tell(line) {
  const [, project] = /Building project '(.*)\/tsconfig\.json'/.exec(line) ?? [];
  if (project !== undefined) {
    if (projects === 0) console.log('Building the example and the packages it uses. The first time takes about ten seconds.');
    projects += 1;
    console.log(`  ${project}`);
  } else if (!/^$|^ {4}\* |^\d+:\d+:\d+ \S+ - /.test(line)) console.error(line);
}
