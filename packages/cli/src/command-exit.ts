/** The end of a command that has said everything already: findings of doctor, stale files, Ctrl-C at a question. */
import type { ExitCode } from './exit-codes.js';

/** Thrown by a command's action to end with another exit code than 0; nothing further is printed. */
export class CommandExit extends Error {
  override readonly name: string = 'CommandExit';
  constructor(readonly exitCode: ExitCode) {
    super(`The command ends with exit code ${exitCode}.`);
  }
}
