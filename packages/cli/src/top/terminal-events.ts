/** What can happen to a program in a terminal: keys, another size, signals. */
import process from 'node:process';
import { emitKeypressEvents } from 'node:readline';
import type { Key } from './keys.js';

/** Undoes what was set up. */
export type Release = () => void;

/** Who is told of what. */
export interface TerminalListener {
  /** By a signal, or by Ctrl-C where nobody hears keys. */
  ended(signal?: NodeJS.Signals): void;
  resized(): void;
  pressed(key: Key): void;
  /** The process ends, also by an error that nobody caught. */
  exiting(): void;
}

/** Tells of everything; the process does not end by a signal meanwhile. */
export function listen(input: NodeJS.ReadStream, { ended, resized, pressed, exiting }: TerminalListener): Release {
  const releases = [
    atExit(exiting),
    onSignals(['SIGINT'], () => ended()),
    onSignals(['SIGTERM', 'SIGHUP'], ended),
    onSignals(['SIGWINCH'], resized),
    onKeys(input, pressed),
  ];
  return () => {
    for (const release of releases) release();
  };
}

/** Hears each key without waiting for Enter; where the input is no terminal there are none. */
function onKeys(input: NodeJS.ReadStream, hear: (key: Key) => void): Release {
  if (!input.isTTY) return () => {};
  const listener = (text: string | undefined, key: Key) => hear({ ...key, sequence: text });
  emitKeypressEvents(input);
  input.setRawMode(true);
  input.on('keypress', listener);
  input.resume();
  return () => {
    input.off('keypress', listener);
    input.setRawMode(false);
    input.pause();
  };
}

/** Stops the program, as Ctrl-Z does; the shell's `fg` lets it go on with `resumed`. */
export function suspend(input: NodeJS.ReadStream, resumed: () => void): void {
  if (input.isTTY) input.setRawMode(false);
  process.once('SIGCONT', () => {
    if (input.isTTY) input.setRawMode(true);
    resumed();
  });
  // All of the terminal's foreground: npx stands between this process and the shell.
  process.kill(0, 'SIGTSTP');
}

/** Hears of signals; the process does not end by itself meanwhile. */
function onSignals(signals: readonly NodeJS.Signals[], hear: (signal: NodeJS.Signals) => void): Release {
  for (const signal of signals) process.on(signal, hear);
  return () => {
    for (const signal of signals) process.off(signal, hear);
  };
}

/** Runs at the end of the process too, when an error ends it that nobody caught. */
function atExit(run: () => void): Release {
  process.on('exit', run);
  return () => process.off('exit', run);
}
