#!/usr/bin/env node
/** The command as a shell starts it. */
import process from 'node:process';
import { processContext } from './process-context.js';
import { runCommand } from './run-command.js';

process.exitCode = await runCommand(process.argv.slice(2), processContext());
