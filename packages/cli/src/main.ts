#!/usr/bin/env node
/** The command as a shell starts it. */
import process from 'node:process';
import type { CommandContext, Output } from './command-context.js';
import { EXIT_CODES } from './exit-codes.js';
import { runCommand } from './run-command.js';

process.exitCode = await runCommand(process.argv.slice(2), processContext());

/** The context of the command as a shell runs it. */
function processContext(): CommandContext {
  return {
    output: outputTo(process.stdout),
    errorOutput: outputTo(process.stderr),
    input: process.stdin,
    workingDirectory: process.cwd(),
    environment: process.env,
  };
}

function outputTo(stream: NodeJS.WriteStream): Output {
  stream.on('error', endQuietly);
  return {
    write: (text) => void stream.write(text),
    isTerminal: stream.isTTY === true,
    size: () => (stream.isTTY ? { columns: stream.columns, rows: stream.rows } : undefined),
  };
}

// The reader has closed the pipe (`tsukimi ... | head`), so there is nothing to report.
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(EXIT_CODES.ok);
  throw error;
}
