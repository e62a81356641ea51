/** The events of a terminal: keys, resizing, signals. */
import process from 'node:process';
import { emitKeypressEvents } from 'node:readline';
import type { Key } from './keys.js';

/** Undoes what was set up. */
export type Release = () => void;

/** The handlers of terminal events. */
export interface TerminalListener {
  /** Called for a signal, or for Ctrl-C if keys are not handled. */
  ended(signal?: NodeJS.Signals): void;
  resized(): void;
  pressed(key: Key): void;
  /** Called when the process exits, also because of an uncaught error. */
  exiting(): void;
}

/** Listens for all events. Signals do not end the process in the meantime. */
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

/** Listens for single keys, without Enter. There are none if the input is not a terminal. */
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

/** Listens for signals, which then do not end the process. */
function onSignals(signals: readonly NodeJS.Signals[], hear: (signal: NodeJS.Signals) => void): Release {
  for (const signal of signals) process.on(signal, hear);
  return () => {
    for (const signal of signals) process.off(signal, hear);
  };
}

/** Also runs if an uncaught error ends the process. */
function atExit(run: () => void): Release {
  process.on('exit', run);
  return () => process.off('exit', run);
}
