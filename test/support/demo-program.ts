/** The built demo as a program of its own, as `npm start` runs it. */
import { existsSync } from 'node:fs';
import { type ChildProgram, startNodeProgram } from './child-process.js';
import { freePort } from './free-port.js';
import { projectPath } from './project.js';

/** A demo that listens. */
export interface DemoProgram {
  readonly program: ChildProgram;
  /** `127.0.0.1:<port>`, as Prometheus names a target. */
  readonly target: string;
  /** The target as an URL. */
  readonly url: string;
}

/** The file that `npm start` runs; building it is not the tests' business. */
export function demoMain(): string {
  const main = projectPath('examples/instrumentation-demo/dist/main.js');
  if (!existsSync(main)) throw new Error(`${main} does not exist: run "npm run build" first ("npm test" does).`);
  return main;
}

/** Starts the demo on a free port and waits until it has said where it listens. */
export async function startDemoProgram(environment: Readonly<Record<string, string>> = {}): Promise<DemoProgram> {
  const target = `127.0.0.1:${await freePort()}`;
  const port = target.split(':')[1] ?? '';
  const program = startNodeProgram(demoMain(), { environment: { TSUKIMI_SERVER_PORT: port, ...environment } });
  await program.waitForOutput(/The demo is running/);
  return { program, target, url: `http://${target}` };
}
