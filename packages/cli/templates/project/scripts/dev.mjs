/** `npm run dev`: compiles on every change, and starts anew on every compilation. */
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const tsc = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));
const build = [tsc, '-p', 'tsconfig.build.json'];
const env = { ...process.env, TSUKIMI_PROFILE: process.env.TSUKIMI_PROFILE ?? 'development' };

// There has to be something to start before it can be watched.
spawnSync(process.execPath, build, { stdio: 'inherit' });
const programs = [
  [...build, '--watch', '--preserveWatchOutput'],
  ['--watch', '--watch-preserve-output', 'dist/main.js'],
].map((args) => spawn(process.execPath, args, { stdio: 'inherit', env }));

// Ctrl-C in a terminal reaches all three; a signal to this one is handed on, and one program without the other is of no use.
const stop = () => {
  for (const program of programs) program.kill();
};
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stop);
for (const program of programs) program.on('exit', stop);
