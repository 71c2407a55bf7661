#!/usr/bin/env node
import { writeSync } from 'node:fs';
import { tool } from './problems.js';

const argv = process.argv.slice(2);

if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) printVersion();
else {
  process.on('uncaughtException', (error) => void internalError(error));
  process.stdout.on('error', resultUnwritten);
  // Where nobody reads messages, the result is still wanted.
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') process.exit(2);
  });
  import('./start.js').then(({ start }) => start(argv)).catch(internalError);
}

/** Before anything else is loaded; straight to the handle, which is faster than the stream. */
function printVersion(): void {
  try {
    writeSync(1, `${tool.version}\n`);
  } catch (error) {
    resultUnwritten(error as NodeJS.ErrnoException);
  }
}

/** A reader that has seen enough (`| head`) closes the pipe; that is no error. */
function resultUnwritten({ code, message }: NodeJS.ErrnoException): never {
  if (code === 'EPIPE') process.exit();
  process.stderr.write(`cannot write the result: ${message}\n`);
  process.exit(2);
}

/** An internal error: one line, with a stack on request. */
async function internalError(error: unknown): Promise<void> {
  process.exitCode = 70;
  const { internalErrorText } = await import('./internal-error.js');
  const { out, err } = internalErrorText(error, argv, process.env.DEPLOY_ADVISOR_DEBUG === '1');
  if (out !== '') process.stdout.write(out);
  if (err !== '') process.stderr.write(err);
}
